import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { volumeSources, volumeSourceTypes } from "../../engine/views/volume-sources.ts";

export const rule = defineRule({
  id: "allowed-volume-types",
  revision: 1,
  title: "Volumes are of allowed types",
  category: "host",
  severity: "Medium",
  kinds: "workloads",
  why: "A volume that a Pod names by itself, such as nfs or hostPath, reaches storage that nobody granted it, with credentials of the node. Claims and CSI drivers put an administrator in between.",
  fix: "Use a persistentVolumeClaim, or another of the allowed types.",
  packs: { "pss-restricted": {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://kubernetes.io/docs/concepts/storage/volumes/",
  ],
  params: z.strictObject({
    allowed: z
      .array(z.enum(volumeSourceTypes))
      .default([
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
      ])
      .describe("Types of volumes, by the name of their field"),
  }),
  messages: {
    type: "Volume {volume} is of the type {type}, which is not allowed",
  },
  check({ resource: { podSpec }, params, report }) {
    for (const volume of podSpec?.volumes ?? [])
      for (const source of volumeSources(volume)) {
        if (params.allowed.some((type) => type === source)) continue;
        const type = printable(source);
        report("type", { path: volume.path, class: type, data: { volume: volume.name, type }, value: type });
      }
  },
});
