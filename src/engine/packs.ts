/** The packs that exist, in the order in which they are shown. What is in one, the rules say themselves. */
export const packDescriptions = {
  recommended: "The first day: evidence of real incidents, few false alarms, no matters of taste.",
  "datree-default": "Answers to the 21 rules that Datree once switched on.",
  "datree-starter": "Answers to Datree's later starter set of 34.",
  strict: "Everything that needs no parameters and is not a matter of taste.",
  "pss-baseline":
    "Pod Security Standards, baseline: no known privilege escalation. Takes a release: pss-baseline@1.29.",
  "pss-restricted": "Pod Security Standards, restricted: hardened Pods. Takes a release: pss-restricted@1.29.",
  nsa: "The Kubernetes hardening guide of NSA and CISA.",
  cis: "CIS Kubernetes Benchmark v1.10, section 5, as far as objects show it.",
  eks: "The best-practice guide of Amazon EKS.",
  argo: "Argo CD, Argo Workflows and Argo Rollouts.",
  secrets: "Credentials where they do not belong.",
  deprecation: "What the next Kubernetes releases remove.",
  reliability: "Workloads that survive rollouts, drains and restarts.",
  rbac: "Roles and bindings: who may do what.",
  network: "Services, routes and isolation.",
} as const;

export type PackName = keyof typeof packDescriptions;

export const packNames = Object.keys(packDescriptions) as readonly PackName[];

export function isPackName(name: string): name is PackName {
  return Object.hasOwn(packDescriptions, name);
}

const byRelease: ReadonlySet<PackName> = new Set(["pss-baseline", "pss-restricted"]);

/** Packs that follow a Kubernetes release, so that one can be pinned: `pss-baseline@1.29`. */
export function followsRelease(pack: PackName): boolean {
  return byRelease.has(pack);
}
