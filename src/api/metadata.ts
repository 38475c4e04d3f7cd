import { z } from "zod";
import { Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** What ties an object's life to another's. */
const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().exactOptional(),
  blockOwnerDeletion: z.boolean().exactOptional(),
});

export type OwnerReference = Immutable<z.infer<typeof OwnerReference>>;

/**
 * metav1.ObjectMeta as far as we read it. What we do not read is kept, so that an object can be written back
 * without taking away what others put there.
 */
export const ObjectMeta = z.looseObject({
  name: z.string().min(1),
  namespace: z.string().exactOptional(),
  uid: z.string().exactOptional(),
  resourceVersion: z.string().exactOptional(),
  generation: z.int().exactOptional(),
  creationTimestamp: Timestamp.exactOptional(),
  deletionTimestamp: Timestamp.exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
  ownerReferences: z.array(OwnerReference).exactOptional(),
  finalizers: z.array(z.string()).exactOptional(),
});

export type ObjectMeta = Immutable<z.infer<typeof ObjectMeta>>;
