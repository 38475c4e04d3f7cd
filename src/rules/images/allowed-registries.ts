import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { matchesRegistry } from "../../engine/values/image.ts";
import { printable } from "../../engine/values/printable.ts";

const entry = z.string().min(1);

export const rule = defineRule({
  id: "allowed-registries",
  revision: 1,
  title: "Images come from allowed registries",
  category: "images",
  severity: "High",
  kinds: "workloads",
  why: "Whoever controls the registry controls the code that runs. An image from elsewhere was neither scanned nor kept, and can change or vanish at any time.",
  fix: "Copy the image to an allowed registry and name it there, or add the registry to the rule's parameters.",
  packs: {},
  references: ["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
  params: z.strictObject({
    registries: z
      .array(entry)
      .default([])
      .describe(
        "Where images may come from: a host and leading path segments, * for part of one; without host it is docker.io. Empty: anywhere",
      ),
    denied: z.array(entry).default([]).describe("Where they may not come from, even if allowed; spelled alike"),
  }),
  messages: {
    notAllowed: "Image {image} of container {container} comes from {repository}, which is in no allowed registry",
    denied: "Image {image} of container {container} comes from {entry}, which is denied",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      if (image === undefined) continue;
      const denied = params.denied.find((one) => matchesRegistry(image, one));
      const allowed = params.registries.length === 0 || params.registries.some((one) => matchesRegistry(image, one));
      if (denied === undefined && allowed) continue;
      const [text, repository] = [printable(container.image ?? ""), printable(image.repository)];
      report(denied === undefined ? "notAllowed" : "denied", {
        path: container.at("image"),
        class: repository,
        data: { container: container.name, image: text, repository, entry: denied ?? "" },
        value: text,
      });
    }
  },
});
