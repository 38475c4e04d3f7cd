import { z } from "zod";
import { compareReleases, parseRelease } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";

/** The first release of which every patch has the fix. */
const fixedIn = { major: 1, minor: 23 };

const fields = ["subPath", "subPathExpr"] as const;

export const rule = defineRule({
  id: "no-sub-path",
  revision: 1,
  title: "No volume is mounted by a sub-path",
  category: "network",
  severity: "Low",
  kinds: "workloads",
  why: "Before Kubernetes 1.23 a container that swaps a directory for a link at the right moment could have any path of its node mounted by subPath (CVE-2021-25741). Every supported release is fixed.",
  fix: "Upgrade Kubernetes; until then mount the whole volume.",
  packs: {},
  aliases: [{ id: "CONTAINER_CVE2021_25741_INCORRECT_SUBPATH_KEY", params: { anyRelease: true } }],
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25741",
    "https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath",
  ],
  params: z.strictObject({
    anyRelease: z.boolean().default(false).describe("Judge whatever the release, not only below 1.23"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    subPath: "Container {container} mounts {field} {value} of a volume",
  },
  check({ resource: { podSpec }, params, context, report }) {
    const release = (params.release === undefined ? undefined : parseRelease(params.release)) ?? context.release;
    if (!params.anyRelease && compareReleases(release, fixedIn) >= 0) return;
    for (const container of podSpec?.all ?? [])
      for (const mount of recordsAt(container.fields, "volumeMounts"))
        for (const field of fields) {
          const written = textAt(mount, field);
          if (!written) continue;
          const value = printable(written);
          const at = container.at("volumeMounts", { mountPath: textAt(mount, "mountPath") ?? "" }, field);
          report("subPath", { path: at, data: { container: container.name, field, value }, value });
        }
  },
});
