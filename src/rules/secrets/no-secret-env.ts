import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, recordsAt, textAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "no-secret-env",
  revision: 1,
  title: "Secrets are mounted, not put into the environment",
  category: "secrets",
  severity: "Low",
  kinds: "workloads",
  why: "Variables are inherited by every child process, printed by crash reporters and debug pages, and keep their old value until the Pod restarts.",
  fix: "Mount the Secret as a volume and let the program read the file.",
  packs: { secrets: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_KEY_SECRETKEYREF_SECRETREF" }],
  references: [
    "https://www.cisecurity.org/benchmark/kubernetes",
    "https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod",
  ],
  params: z.strictObject({}),
  messages: {
    variable: "Variable {variable} of container {container} is taken from Secret {secret}",
    every: "Container {container} takes every key of Secret {secret} as a variable",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      for (const entry of container.env) {
        const reference = fieldsAt(entry, "valueFrom", "secretKeyRef");
        if (reference === undefined) continue;
        const name = textAt(entry, "name") ?? "";
        const secret = printable(textAt(reference, "name") || "(no name)");
        report("variable", {
          path: container.at("env", { name }, "valueFrom", "secretKeyRef"),
          data: { container: container.name, variable: printable(name), secret },
        });
      }
      for (const entry of recordsAt(container.fields, "envFrom")) {
        const reference = fieldsAt(entry, "secretRef");
        if (reference === undefined) continue;
        const secret = printable(textAt(reference, "name") || "(no name)");
        report("every", { path: container.at("envFrom"), class: secret, data: { container: container.name, secret } });
      }
    }
  },
});
