import { z } from "zod";
import { apiVersion } from "./group.ts";
import { ObjectMeta } from "./metadata.ts";

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  /** `date` shows an age and must never hold a time to come, which kubectl prints as `<invalid>`. */
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** Only with `-o wide`. */
  readonly wide?: true;
}

/** Everything about a kind of ours from which its CustomResourceDefinition and its reference page follow. */
export interface KindDefinition<Kind extends string = string, S extends z.ZodType = z.ZodType> {
  readonly kind: Kind;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly scope: "Namespaced" | "Cluster";
  /** Whether `kubectl get pawl` lists it. */
  readonly inCategory: boolean;
  readonly statusSubresource: boolean;
  readonly columns: readonly Column[];
  /** JSON paths that `kubectl get --field-selector` understands. */
  readonly selectableFields: readonly string[];
  readonly schema: S;
}

/** Puts `apiVersion`, `kind` and `metadata` before the fields of a kind, as every object of the API has them. */
export function objectOf<Kind extends string, Fields extends z.core.$ZodShape>(kind: Kind, fields: Fields) {
  return z.object({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata: ObjectMeta, ...fields });
}

/** Age of the object: the last column of most kinds. */
export const age: Column = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Time since the object was created.",
};
