import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { metadataOf } from "../../engine/views/metadata.ts";
import { below, path } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

/** The last segment of a path. */
const tiller = /(?:^|\/)tiller$/;

export const rule = defineRule({
  id: "no-tiller",
  revision: 1,
  title: "The server side of Helm 2 does not run",
  category: "deprecation",
  severity: "High",
  kinds: [...workloadKinds, "Service"],
  why: "Tiller usually has all rights in the cluster and takes orders from whoever reaches its port, without asking who it is. It has had no fixes since November 2020.",
  fix: "Move the releases to Helm 3 or later, which needs no server, and delete Tiller with its Service and its role binding.",
  packs: { strict: {}, deprecation: {} },
  references: ["https://helm.sh/docs/topics/v2_v3_migration/", "https://helm.sh/blog/helm-v2-deprecation-timeline/"],
  params: z.strictObject({}),
  messages: {
    image: "Container {container} runs {image}",
    label: "The label name is tiller",
    selector: "The Service selects Pods of tiller",
    name: "The object is called {name}",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      if (!tiller.test(container.imageReference?.path ?? "")) continue;
      const image = printable(container.image ?? "");
      report("image", { path: container.at("image"), data: { container: container.name, image }, value: image });
    }
    for (const { path: at, metadata } of metadataOf(resource)) {
      if (textAt(metadata, "labels", "name") !== "tiller") continue;
      report("label", { path: below(at, "labels", "name"), data: {}, value: "tiller" });
    }
    if (resource.kindName === "Service" && textAt(resource.object, "spec", "selector", "name") === "tiller")
      report("selector", { path: path("spec", "selector", "name"), data: {}, value: "tiller" });
    if (!resource.id.name.startsWith("tiller-deploy")) return;
    const name = printable(resource.id.name);
    report("name", { path: path("metadata", "name"), data: { name }, value: name });
  },
});
