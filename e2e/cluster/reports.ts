import type { Cluster } from "./cluster.ts";

/** What scenarios read of a ScanReport. */
export interface Report {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly summary: {
    readonly resources: number;
    readonly new: number;
    readonly known: number;
    readonly fixed: number;
  };
  readonly violating: readonly {
    readonly ref: string;
    readonly rows: readonly { readonly rule: string; readonly state?: string; readonly since?: string }[];
  }[];
  readonly changes: readonly { readonly ref: string; readonly rule: string; readonly to: string }[];
}

export interface Event {
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

/** The report of the chart's first Policy. */
export async function report(cluster: Cluster, namespace: string): Promise<Report> {
  return await cluster.get<Report>("scanreports.pawl.dev", "default", namespace);
}

/** Pawl's Events in a namespace. */
export async function events(cluster: Cluster, namespace: string): Promise<readonly Event[]> {
  const all = await cluster.list<Event & { readonly reportingController?: string }>("events.events.k8s.io", namespace);
  return all.filter(({ reportingController = "" }) => reportingController.startsWith("pawl"));
}

/** Names of the rules that have a New row for this resource. */
export function newRules({ violating }: Report, ref: string): readonly string[] {
  const rows = violating.find((one) => one.ref === ref)?.rows ?? [];
  return rows.filter(({ state }) => state === "New").map(({ rule }) => rule);
}
