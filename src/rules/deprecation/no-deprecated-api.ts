import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { formatMinor, isPlanned, retiringApis, targetMinor } from "../../engine/views/api-retirement.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-deprecated-api",
  revision: 1,
  title: "Objects use no deprecated API",
  category: "deprecation",
  severity: "Medium",
  kinds: "any",
  why: "A deprecated API is served for a few more releases and then gone. Who moves early does it one manifest at a time, not all of them on the day of the upgrade.",
  fix: "Write the object through the API that replaces it, wherever the named manager takes its manifest from.",
  // Both releases that it once asked for: what 1.16 had deprecated was deprecated in 1.17 too.
  packs: { recommended: {}, strict: {}, deprecation: {}, "datree-default": { targetVersion: "1.17" } },
  aliases: ["1.16", "1.17", "1.19", "1.21", "1.22", "1.23", "1.24"].map((targetVersion) => ({
    id: `K8S_DEPRECATED_APIVERSION_${targetVersion}`,
    params: { targetVersion },
  })),
  references: [
    "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    "https://kubernetes.io/docs/reference/using-api/deprecation-policy/",
  ],
  params: z.strictObject({
    targetVersion: releaseParam
      .optional()
      .describe("The Kubernetes release that is meant; the one after the cluster's if not given"),
  }),
  messages: {
    deprecated: "{apiVersion} {kind}, {origin}, is deprecated since Kubernetes {deprecated}; {advice}",
    ending:
      "{apiVersion} {kind}, {origin}, is deprecated since Kubernetes {deprecated} and gone in {removed}; {advice}",
    planned: "{apiVersion} {kind}, {origin}, is planned to be deprecated in Kubernetes {deprecated}; {advice}",
    plannedEnding:
      "{apiVersion} {kind}, {origin}, is deprecated since Kubernetes {deprecated} and planned to go in {removed}; {advice}",
  },
  check({ resource, params, context, report }) {
    const target = targetMinor(params.targetVersion, context.release);
    for (const { apiVersion, origin, deprecated, removed, advice } of retiringApis(resource)) {
      if (deprecated === undefined || deprecated > target) continue;
      // What is gone by then belongs to no-removed-api alone.
      if (removed !== undefined && removed <= target) continue;
      report(stageOf(deprecated, removed), {
        path: path("apiVersion"),
        class: printable(apiVersion),
        data: {
          apiVersion,
          kind: resource.id.kind,
          origin,
          deprecated: formatMinor(deprecated),
          removed: removed === undefined ? "" : formatMinor(removed),
          advice,
        },
        value: printable(apiVersion),
      });
    }
  },
});

function stageOf(deprecated: number, removed: number | undefined) {
  if (isPlanned(deprecated)) return "planned";
  if (removed === undefined) return "deprecated";
  return isPlanned(removed) ? "plannedEnding" : "ending";
}
