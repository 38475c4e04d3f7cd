import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";

export const rule = defineRule({
  id: "no-latest-tag",
  revision: 1,
  title: "Images are pinned to a version",
  category: "images",
  severity: "Medium",
  kinds: "workloads",
  why: "A tag that moves makes two Pods of one Deployment run different code, and a rollback cannot bring back what was there before.",
  fix: "Name the version in the tag, or pin the image by digest.",
  packs: { recommended: {}, strict: {}, reliability: {}, "datree-default": {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_MISSING_IMAGE_VALUE_VERSION" }],
  references: ["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
  params: z.strictObject({
    tags: z.array(z.string().min(1)).default(["latest"]).describe("Tags that pin nothing, in any letter case"),
  }),
  messages: {
    noTag: "Image {image} of container {container} has neither tag nor digest, which means latest",
    movingTag: "Image {image} of container {container} has the moving tag {tag}",
  },
  check({ resource, params, report }) {
    const moving = new Set(params.tags.map((tag) => tag.toLowerCase()));
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      if (image === undefined || image.digest !== undefined) continue;
      const tag = image.tag ?? "";
      if (tag !== "" && !moving.has(tag.toLowerCase())) continue;
      const text = printable(container.image ?? "");
      report(tag === "" ? "noTag" : "movingTag", {
        path: container.at("image"),
        class: printable(image.repository),
        data: { container: container.name, image: text, tag: printable(tag) },
        value: text,
      });
    }
  },
});
