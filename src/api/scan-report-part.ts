import type { z } from "zod";
import { atomic, Count } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { age, type Column, type KindDefinition, objectOf } from "./kind-definition.ts";
import { PolicyReference, Violating } from "./violating.ts";

const fields = {
  policyRef: atomic(PolicyReference).describe("The policy that the report belongs to."),
  k: Count.describe(
    "Number of bits of a resource's hash that choose its part. It counts only if the report says the same.",
  ),
  part: Count.describe("Which part it is, from 0."),
  violating: Violating,
};

const columns = [
  { name: "Policy", type: "string", jsonPath: ".policyRef.name", description: "The policy of the report." },
  { name: "Part", type: "integer", jsonPath: ".part", description: "Which part it is, from 0." },
  { name: "Bits", type: "integer", jsonPath: ".k", description: "Bits of a resource's hash that choose its part." },
  age,
] as const satisfies readonly Column[];

const ScanReportPartObject = objectOf("ScanReportPart", fields).describe(
  "A ScanReportPart holds those rows of a ScanReport that do not fit into it. Written by the operator only.",
);

const ClusterScanReportPartObject = objectOf("ClusterScanReportPart", fields).describe(
  "A ClusterScanReportPart holds those rows of a ClusterScanReport that do not fit into it. Written by the operator only.",
);

export type ScanReportPart = Immutable<z.infer<typeof ScanReportPartObject>>;

export type ClusterScanReportPart = Immutable<z.infer<typeof ClusterScanReportPartObject>>;

export const scanReportPartKind = {
  kind: "ScanReportPart",
  plural: "scanreportparts",
  singular: "scanreportpart",
  shortNames: [],
  scope: "Namespaced",
  inCategory: false,
  statusSubresource: false,
  columns,
  selectableFields: [".policyRef.name"],
  schema: ScanReportPartObject,
} as const satisfies KindDefinition;

export const clusterScanReportPartKind = {
  kind: "ClusterScanReportPart",
  plural: "clusterscanreportparts",
  singular: "clusterscanreportpart",
  shortNames: [],
  scope: "Cluster",
  inCategory: false,
  statusSubresource: false,
  columns,
  selectableFields: [".policyRef.name"],
  schema: ClusterScanReportPartObject,
} as const satisfies KindDefinition;
