import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import type { ImageReference } from "../../engine/values/image.ts";
import { printable } from "../../engine/values/printable.ts";

/** `nginx:<64 hex>`: somebody meant a digest and wrote a tag. */
const digestAsTag = /^(?:sha256:)?[0-9a-f]{64}$/i;

export const rule = defineRule({
  id: "image-digest",
  revision: 1,
  title: "Images are pinned by digest",
  category: "images",
  severity: "Low",
  kinds: "workloads",
  why: "A tag can be pushed again: what was reviewed and scanned is then not what runs. A digest names exactly one image, for ever.",
  fix: "Append @sha256: and the digest to the image; a tag may stay in front of it for readers.",
  packs: { strict: {} },
  aliases: [{ id: "CONTAINERS_MISSING_IMAGE_VALUE_DIGEST" }],
  references: [
    "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    "https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests",
  ],
  params: z.strictObject({}),
  messages: {
    none: "Image {image} of container {container} has no digest",
    malformed: "Image {image} of container {container} has something behind the @ that is no digest",
    asTag:
      "Image {image} of container {container} has a tag that looks like a digest; as a digest it is written @sha256:",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      if (image === undefined || image.digest !== undefined) continue;
      const text = printable(container.image ?? "");
      report(faultOf(image), {
        path: container.at("image"),
        class: printable(image.repository),
        data: { container: container.name, image: text },
        value: text,
      });
    }
  },
});

function faultOf({ tag, writtenDigest }: ImageReference) {
  if (writtenDigest !== undefined) return "malformed";
  return tag !== undefined && digestAsTag.test(tag) ? "asTag" : "none";
}
