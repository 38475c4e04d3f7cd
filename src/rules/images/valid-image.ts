import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { imageProblem } from "../../engine/values/image.ts";
import { printable } from "../../engine/values/printable.ts";

export const rule = defineRule({
  id: "valid-image",
  revision: 1,
  title: "Image references can be read",
  category: "images",
  severity: "High",
  kinds: "workloads",
  why: "The API server does not check image references. The kubelet does, and a container whose image it cannot read ends in InvalidImageName and never starts.",
  fix: "Write registry/path:tag or registry/path@sha256:digest, with a path in lower case.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    "https://github.com/distribution/reference/blob/main/reference.go",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} names no image",
    host: "Image {image} of container {container} begins with what is no host name",
    path: "Image {image} of container {container} has a path that is not legal: lower case, digits, and single . _ - / between them",
    tag: "Image {image} of container {container} has a tag that is not legal: letters, digits and _ . -, at most 128",
    digest: "Image {image} of container {container} has a digest that is not well-formed",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const problem = container.image === undefined ? "missing" : imageProblem(container.image);
      if (problem === undefined) continue;
      const image = printable(container.image ?? "none");
      report(problem, { path: container.at("image"), data: { container: container.name, image }, value: image });
    }
  },
});
