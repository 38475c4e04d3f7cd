import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { formatMinor, isPlanned, retiringApis, targetMinor } from "../../engine/views/api-retirement.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-removed-api",
  revision: 1,
  title: "Objects use no API that the next upgrade removes",
  category: "deprecation",
  severity: "Critical",
  kinds: "any",
  why: "After the upgrade nobody can write the object through that API any more: applying, syncing and installing it fail, often in the middle of a release.",
  fix: "Write the object through the API that replaces it, wherever the named manager takes its manifest from.",
  packs: { recommended: {}, strict: {}, deprecation: {} },
  aliases: ["1.22", "1.23", "1.24", "1.25", "1.26", "1.27"].map((targetVersion) => ({
    id: `K8S_REMOVED_APIVERSION_${targetVersion}`,
    params: { targetVersion },
  })),
  references: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
  params: z.strictObject({
    targetVersion: releaseParam
      .optional()
      .describe("The Kubernetes release that is meant; the one after the cluster's if not given"),
  }),
  messages: {
    removed: "{apiVersion} {kind}, {origin}, is gone in Kubernetes {removed}; {replacement}",
    planned: "{apiVersion} {kind}, {origin}, is planned to go in Kubernetes {removed}; {replacement}",
  },
  check({ resource, params, context, report }) {
    const target = targetMinor(params.targetVersion, context.release);
    for (const { apiVersion, origin, removed, advice } of retiringApis(resource)) {
      if (removed === undefined || removed > target) continue;
      report(isPlanned(removed) ? "planned" : "removed", {
        path: path("apiVersion"),
        class: printable(apiVersion),
        data: { apiVersion, kind: resource.id.kind, origin, removed: formatMinor(removed), replacement: advice },
        value: printable(apiVersion),
      });
    }
  },
});
