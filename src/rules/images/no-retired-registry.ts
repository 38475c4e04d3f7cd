import { z } from "zod";
import { pointerTo } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { matchesRegistry } from "../../engine/values/image.ts";
import { printable } from "../../engine/values/printable.ts";

export const rule = defineRule({
  id: "no-retired-registry",
  revision: 1,
  title: "No image comes from a retired registry",
  category: "images",
  severity: "High",
  kinds: "workloads",
  why: "A retired registry gets no new images and no fixes, and may stop answering at any time. A node that has to pull then cannot start the Pod.",
  fix: "Take the image from where it lives now: registry.k8s.io in place of k8s.gcr.io and the google_containers projects.",
  packs: { recommended: {}, strict: {}, deprecation: {} },
  references: ["https://kubernetes.io/blog/2023/03/10/image-registry-redirect/"],
  params: z.strictObject({
    registries: z
      .array(z.string().min(1))
      .default(["k8s.gcr.io", "gcr.io/google_containers", "gcr.io/google-containers"])
      .describe("What is retired: a host and leading path segments, * for part of one; without host it is docker.io"),
  }),
  messages: {
    retired: "Image {image} of container {container} comes from {registry}, which is retired",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      const registry = image && params.registries.find((one) => matchesRegistry(image, one));
      if (image === undefined || registry === undefined) continue;
      const text = printable(container.image ?? "");
      report("retired", {
        path: container.at("image"),
        class: printable(image.repository),
        data: { container: container.name, image: text, registry },
        value: text,
      });
    }
  },
  autofix({ resource, params }) {
    return (resource.podSpec?.all ?? []).flatMap(({ image: text = "", imageReference: image, pointer }) => {
      if (image?.registry !== moved.from || !params.registries.some((one) => matchesRegistry(image, one))) return [];
      return [{ op: "replace", path: pointerTo(pointer, "image"), value: moved.to + text.slice(moved.from.length) }];
    });
  },
});

/** All of the one is in the other, under the same path. */
const moved = { from: "k8s.gcr.io", to: "registry.k8s.io" };
