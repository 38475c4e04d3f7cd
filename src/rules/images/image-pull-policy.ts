import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "image-pull-policy",
  revision: 1,
  title: "Images that may change are pulled at every start",
  category: "images",
  severity: "Low",
  kinds: "workloads",
  why: "With another pull policy a node runs whatever it pulled under that name before. Two Pods of one Deployment then run different code, and nobody can tell from the manifest.",
  fix: "Set imagePullPolicy to Always, or leave it out for the tag latest; better, pin the image to a version.",
  packs: {},
  references: ["https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy"],
  params: z.strictObject({
    when: z
      .enum(["latest", "any"])
      .default("latest")
      .describe("Which images are judged: those with the tag latest or with neither tag nor digest, or any"),
  }),
  messages: {
    written: "Container {container} pulls {image} by the policy {policy}, not Always",
    notSet: "Container {container} sets no imagePullPolicy, which means {policy} for {image}, not Always",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      if (image === undefined) continue;
      const tag = image.tag ?? (image.digest === undefined ? "latest" : undefined);
      if (params.when === "latest" && tag !== "latest") continue;
      const written = textAt(container.fields, "imagePullPolicy") || undefined;
      const policy = written ?? (tag === "latest" ? "Always" : "IfNotPresent");
      if (policy === "Always") continue;
      const data = { container: container.name, image: printable(container.image ?? ""), policy: printable(policy) };
      report(written === undefined ? "notSet" : "written", {
        path: container.at("imagePullPolicy"),
        data,
        value: printable(policy),
      });
    }
  },
});
