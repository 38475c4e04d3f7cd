import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { compareVersions, parseVersion } from "../../engine/values/semver.ts";

const controller = /(?:ingress-nginx\/controller(?:-chroot)?|nginx-ingress-controller)$/;

export const rule = defineRule({
  id: "no-ingress-nginx",
  revision: 1,
  title: "The retired ingress-nginx controller does not run",
  category: "images",
  severity: "High",
  kinds: "workloads",
  why: "The project was retired in March 2026 and its next hole will not be fixed. Earlier ones, such as CVE-2025-1974, gave whoever reached the Pod network the Secrets of the whole cluster.",
  fix: "Move to a maintained ingress controller or to Gateway API. Until then run the last release, and say so by the parameter minVersion.",
  packs: { recommended: {}, strict: {}, deprecation: {}, nsa: {} },
  references: [
    "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
    "https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/",
  ],
  params: z.strictObject({
    minVersion: z
      .string()
      .refine((text) => parseVersion(text) !== undefined, { error: "is no version, such as 1.13.4" })
      .optional()
      .describe("Lowest version that is fine; without it none is"),
  }),
  messages: {
    retired: "Container {container} runs {image}, a controller that gets no fixes since March 2026",
    tooOld: "Container {container} runs {image}, which is older than {minVersion}",
  },
  check({ resource, params, report }) {
    const lowest = parseVersion(params.minVersion ?? "");
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.imageReference;
      if (image === undefined || !controller.test(image.repository)) continue;
      const version = parseVersion(image.tag ?? "");
      if (lowest !== undefined && (version === undefined || compareVersions(version, lowest) >= 0)) continue;
      const text = printable(container.image ?? "");
      report(lowest === undefined ? "retired" : "tooOld", {
        path: container.at("image"),
        class: printable(image.repository),
        data: { container: container.name, image: text, minVersion: params.minVersion ?? "" },
        value: text,
      });
    }
  },
});
