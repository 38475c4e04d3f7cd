import { z } from "zod";
import { formatRelease, parseRelease } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { fieldsAt } from "../../engine/views/fields.ts";
import { below, path } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

/** The minor of 1.x without each in-tree plugin, from the release notes; gitRepo is there, but switched off. */
const goneIn: readonly (readonly [type: string, minor: number])[] = [
  ["scaleIO", 22],
  ["flocker", 25],
  ["quobyte", 25],
  ["storageos", 25],
  ["glusterfs", 26],
  ["cephfs", 31],
  ["rbd", 31],
  ["gitRepo", 33],
];

export const rule = defineRule({
  id: "no-removed-volume-plugin",
  revision: 1,
  title: "No volume needs a plugin that the next upgrade removes",
  category: "deprecation",
  severity: "High",
  kinds: [...workloadKinds, "PersistentVolume"],
  why: "The API still takes such a volume, but the kubelet cannot mount it: after the upgrade of its node the Pod never starts, and its data is out of reach.",
  fix: "Move the data to a volume of a CSI driver; in place of gitRepo clone in an init container into an emptyDir.",
  packs: { strict: {}, deprecation: {} },
  references: ["https://kubernetes.io/docs/concepts/storage/volumes/"],
  params: z.strictObject({
    release: releaseParam.optional().describe("The Kubernetes release of the cluster, in place of the one it has"),
  }),
  messages: {
    volume: "Volume {volume} is of type {type}, which no longer works in Kubernetes {gone}",
    persistentVolume: "The volume is of type {type}, which no longer works in Kubernetes {gone}",
  },
  check({ resource, params, context, report }) {
    const release = (params.release === undefined ? undefined : parseRelease(params.release)) ?? context.release;
    for (const [type, minor] of goneIn) {
      if (minor > release.minor + 1) continue;
      const gone = formatRelease({ major: 1, minor });
      for (const volume of resource.podSpec?.volumes ?? []) {
        if (fieldsAt(volume.fields, type) === undefined) continue;
        const data = { volume: volume.name, type, gone };
        report("volume", { path: below(volume.path, type), class: type, data, value: type });
      }
      if (resource.kindName === "PersistentVolume" && fieldsAt(resource.object, "spec", type) !== undefined)
        report("persistentVolume", { path: path("spec", type), class: type, data: { type, gone }, value: type });
    }
  },
});
