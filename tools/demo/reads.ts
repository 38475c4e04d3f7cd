import { z } from "zod";
import { policyKind } from "../../src/api/policy.ts";
import { clusterScanReportKind, scanReportKind } from "../../src/api/scan-report.ts";
import type { Kubectl } from "../kubectl.ts";

/**
 * What the demo reads through kubectl. Everything is checked against its schema: an answer of another shape throws, and
 * counts as not seen.
 */

export async function readPolicy(kubectl: Kubectl, name: string, signal: AbortSignal) {
  return policyKind.schema.parse(await kubectl.json(["get", "ppol", name], { signal }));
}

export async function readReport(kubectl: Kubectl, namespace: string, name: string, signal: AbortSignal) {
  return scanReportKind.schema.parse(await kubectl.json(["get", "sr", name, "-n", namespace], { signal }));
}

export async function readClusterReport(kubectl: Kubectl, name: string, signal: AbortSignal) {
  return clusterScanReportKind.schema.parse(await kubectl.json(["get", "csrep", name], { signal }));
}

const EventList = z.object({
  items: z.array(
    z.object({
      reason: z.string(),
      message: z.string(),
      involvedObject: z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() }),
    }),
  ),
});

export type ClusterEvent = z.infer<typeof EventList>["items"][number];

/** Field selector that keeps Pawl's own Events apart from those of the controllers. */
export const pawlEvents = "reportingComponent=pawl.dev/operator";

export async function readEvents(kubectl: Kubectl, signal: AbortSignal): Promise<readonly ClusterEvent[]> {
  return EventList.parse(await kubectl.json(["get", "events", "-A", "--field-selector", pawlEvents], { signal })).items;
}

const Workloads = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({
        name: z.string(),
        namespace: z.string(),
        ownerReferences: z
          .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
          .default([]),
      }),
    }),
  ),
});

export type Workload = z.infer<typeof Workloads>["items"][number];

/** All objects of these kinds (`pods,jobs`) in these namespaces. */
export async function readWorkloads(
  kubectl: Kubectl,
  kinds: string,
  signal: AbortSignal,
): Promise<readonly Workload[]> {
  return Workloads.parse(await kubectl.json(["get", kinds, "-A"], { signal })).items;
}
