import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isCredentialName } from "../../engine/values/credential-name.ts";
import { isLiteralValue } from "../../engine/values/literal-value.ts";
import { printable } from "../../engine/values/printable.ts";
import { namePatternsParam } from "../../engine/values/rule-params.ts";
import { textAt } from "../../engine/views/fields.ts";
import { givenFlags } from "../../engine/views/given-flags.ts";

export const rule = defineRule({
  id: "no-literal-credentials",
  revision: 1,
  title: "Containers get no credentials in plain text",
  category: "secrets",
  severity: "High",
  kinds: "workloads",
  why: "Whoever may read the workload, its manifest, its history or the process list of its node has the credential. It cannot be changed without a rollout, so it never is.",
  fix: "Put the value into a Secret and refer to it, as a mounted file or by secretKeyRef. Then change it: it was readable.",
  packs: { recommended: {}, strict: {}, secrets: {}, nsa: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/",
  ],
  params: z.strictObject({
    names: namePatternsParam.describe("More names of credentials: RE2, anywhere in the name, in any letter case"),
    ignore: namePatternsParam.describe("Names that are none after all, spelled alike"),
  }),
  // No message takes the value, or any part of it.
  messages: {
    variable: "Variable {name} of container {container} looks like a credential, and its value is written out",
    flag: "Flag {flag} of container {container} looks like a credential, and its value is written out",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      for (const entry of container.env) {
        const name = textAt(entry, "name") ?? "";
        if (!isCredentialName(name, params) || !isLiteralValue(textAt(entry, "value") ?? "")) continue;
        const data = { container: container.name, name: printable(name) };
        report("variable", { path: container.at("env", { name }, "value"), data });
      }
      for (const { list, name, value } of givenFlags(container)) {
        if (!isCredentialName(name, params) || !isLiteralValue(value)) continue;
        const flag = printable(`--${name}`);
        report("flag", { path: container.at(list), class: flag, data: { container: container.name, flag } });
      }
    }
  },
});
