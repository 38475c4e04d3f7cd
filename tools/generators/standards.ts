import type { Rule } from "../../src/engine/rule.ts";

/** The edition that the sections below are counted by; v1.11 renames 5.7 to 5.6, and v1.12 drops 5.2.9. */
export const cisBenchmark = "CIS Kubernetes Benchmark v1.10";

/**
 * Sections of the benchmark that rules answer to, https://www.cisecurity.org/benchmark/kubernetes; their titles are
 * public as cfg/cis-1.10/policies.yaml of https://github.com/aquasecurity/kube-bench.
 */
const cisSections: Readonly<Record<string, readonly string[]>> = {
  "no-cluster-admin-binding": ["5.1.1"],
  "no-secret-access": ["5.1.2"],
  "no-rbac-wildcard": ["5.1.3"],
  "no-workload-create": ["5.1.4"],
  "no-default-service-account": ["5.1.5"],
  "default-service-account-token": ["5.1.5"],
  "no-default-service-account-binding": ["5.1.5"],
  "no-token-automount": ["5.1.6"],
  "no-system-masters": ["5.1.7"],
  "no-escalation-verbs": ["5.1.8"],
  "no-persistent-volume-create": ["5.1.9"],
  "no-node-proxy": ["5.1.10"],
  "no-csr-approval": ["5.1.11"],
  "no-webhook-write": ["5.1.12"],
  "no-token-create": ["5.1.13"],
  "pod-security-labels": ["5.2.1"],
  "no-privileged": ["5.2.2"],
  "no-host-pid": ["5.2.3"],
  "no-host-ipc": ["5.2.4"],
  "no-host-network": ["5.2.5"],
  "no-privilege-escalation": ["5.2.6"],
  "run-as-non-root": ["5.2.7"],
  "drop-capabilities": ["5.2.8", "5.2.10"],
  "allowed-capabilities": ["5.2.9"],
  "no-dangerous-capabilities": ["5.2.9"],
  "no-host-process": ["5.2.11"],
  "no-host-path": ["5.2.12"],
  "no-host-port": ["5.2.13"],
  "default-deny-network-policy": ["5.3.2"],
  "no-secret-env": ["5.4.1"],
  "seccomp-profile": ["5.7.2"],
  "security-context": ["5.7.3"],
  "no-default-namespace": ["5.7.4"],
};

/** Controls of the Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/. */
const podSecurityControls: Readonly<Record<string, string>> = {
  "no-host-process": "HostProcess",
  "no-host-network": "Host Namespaces",
  "no-host-pid": "Host Namespaces",
  "no-host-ipc": "Host Namespaces",
  "no-privileged": "Privileged Containers",
  "allowed-capabilities": "Capabilities",
  "drop-capabilities": "Capabilities",
  "no-host-path": "HostPath Volumes",
  "no-host-port": "Host Ports",
  "no-probe-host": "Host Probes / Lifecycle Hooks",
  "apparmor-profile": "AppArmor",
  "selinux-options": "SELinux",
  "no-unmasked-proc": "/proc Mount Type",
  "no-unconfined-seccomp": "Seccomp",
  "seccomp-profile": "Seccomp",
  "no-unsafe-sysctls": "Sysctls",
  "allowed-volume-types": "Volume Types",
  "no-privilege-escalation": "Privilege Escalation",
  "run-as-non-root": "Running as Non-root",
  "no-root-user": "Running as Non-root user",
};

/** What a rule answers to; empty cells where it does not. */
export interface Standards {
  /** `5.2.8, 5.2.10` */
  readonly cis: string;
  /** `Capabilities (baseline, restricted)` */
  readonly podSecurity: string;
  readonly nsa: boolean;
}

/**
 * @throws Error where the tables above and the packs of the rule part: a member of `cis` or of a Pod Security pack has
 * a section or control, and nobody else has
 */
export function standardsOf({ id, packs }: Rule): Standards {
  const levels = ["baseline", "restricted"].filter((level) => Object.hasOwn(packs, `pss-${level}`));
  const control = podSecurityControls[id];
  const sections = cisSections[id];
  if ((sections !== undefined) !== Object.hasOwn(packs, "cis"))
    throw new Error(`${id}: its pack cis and its section of the benchmark do not go together: mend standards.ts`);
  if ((control !== undefined) !== levels.length > 0)
    throw new Error(`${id}: its Pod Security packs and its control do not go together: mend standards.ts`);
  return {
    cis: sections?.join(", ") ?? "",
    podSecurity: control === undefined ? "" : `${control} (${levels.join(", ")})`,
    nsa: Object.hasOwn(packs, "nsa"),
  };
}
