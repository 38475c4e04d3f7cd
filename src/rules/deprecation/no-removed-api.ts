import { z } from "zod";
import { formatRelease, newestRelease, parseRelease } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { apiLifecycle } from "../../engine/values/api-lifecycle.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { apiVersionsInUse } from "../../engine/views/api-versions.ts";
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
    const { major, minor } = context.release;
    const target = (params.targetVersion === undefined ? undefined : parseRelease(params.targetVersion)) ?? {
      major,
      minor: minor + 1,
    };
    for (const { apiVersion, managers } of apiVersionsInUse(resource)) {
      const { kind } = resource.id;
      const { removed, replacement } = apiLifecycle(apiVersion, kind) ?? {};
      if (removed === undefined || removed > target.minor) continue;
      report(removed > newestRelease.minor ? "planned" : "removed", {
        path: path("apiVersion"),
        class: printable(apiVersion),
        data: {
          apiVersion,
          kind,
          origin: resource.live ? `written by ${printable(managers.join(", "))}` : "in a manifest",
          removed: formatRelease({ major: 1, minor: removed }),
          replacement: replacement === undefined ? "nothing replaces it" : `use ${replacement}`,
        },
        value: printable(apiVersion),
      });
    }
  },
});
