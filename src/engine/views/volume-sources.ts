import { isFields } from "./fields.ts";
import type { VolumeView } from "./pod-spec.ts";

/** Every source that a volume of a pod can have, in any release. */
export const volumeSourceTypes = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "gitRepo",
  "glusterfs",
  "hostPath",
  "image",
  "iscsi",
  "nfs",
  "persistentVolumeClaim",
  "photonPersistentDisk",
  "portworxVolume",
  "projected",
  "quobyte",
  "rbd",
  "scaleIO",
  "secret",
  "storageos",
  "vsphereVolume",
] as const;

/** What the volume is made from, by the name of the field, also one that is not known. A volume without source is an emptyDir. */
export function volumeSources({ fields }: VolumeView): readonly string[] {
  const sources = Object.keys(fields).filter((name) => isFields(fields[name]));
  return sources.length === 0 ? ["emptyDir"] : sources;
}
