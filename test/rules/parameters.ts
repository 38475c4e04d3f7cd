/** Parameters at the edge of what a rule takes, which no fixture has. */
export interface EdgeParameters {
  readonly rule: string;
  readonly taken?: readonly Readonly<Record<string, unknown>>[];
  readonly refused?: readonly Readonly<Record<string, unknown>>[];
}

export const edgeParameters: readonly EdgeParameters[] = [
  { rule: "cronjob-starting-deadline", taken: [{ min: 0 }, { min: 30 }], refused: [{ min: -1 }, { min: 1.5 }] },
  { rule: "image-pull-policy", taken: [{ when: "latest" }, { when: "any" }], refused: [{ when: "" }] },
  { rule: "no-default-namespace", taken: [{ missing: "allow" }], refused: [{ missing: "" }] },
  {
    rule: "no-escalation-verbs",
    taken: [{ verbs: ["bind", "escalate", "impersonate"] }],
    refused: [{ verbs: [] }, { verbs: ["get"] }],
  },
  { rule: "no-host-path", taken: [{ allowedPaths: [] }], refused: [{ allowedPaths: ["var/log"] }] },
  { rule: "no-ingress-nginx", taken: [{ minVersion: "1.13.4" }], refused: [{ minVersion: "latest" }] },
  { rule: "no-root-user", taken: [{ release: "1.30" }], refused: [{ release: "newest" }] },
  { rule: "no-runtime-socket", taken: [{ sockets: ["/run/x.sock"] }], refused: [{ sockets: ["x.sock"] }] },
  {
    rule: "no-sensitive-host-path",
    taken: [{ exact: ["/srv"], subtree: ["/srv/keys"] }],
    refused: [{ exact: ["srv"] }, { subtree: ["srv/"] }],
  },
  { rule: "no-unconfined-seccomp", taken: [{ release: "1.18" }], refused: [{ release: "newest" }] },
  { rule: "no-wildcard-ingress", taken: [{ subdomains: "allow" }], refused: [{ subdomains: "" }] },
  { rule: "pod-disruption-budget", taken: [{ minReplicas: 3 }], refused: [{ minReplicas: 0 }] },
  { rule: "pod-security-labels", taken: [{ level: "baseline" }], refused: [{ level: "privileged" }] },
  {
    rule: "replica-spread",
    taken: [{ by: ["topologySpread", "podAntiAffinity"] }],
    refused: [{ by: [] }, { by: ["node"] }],
  },
  {
    rule: "seccomp-profile",
    taken: [{ allowed: ["RuntimeDefault", "Localhost", "Unconfined"] }],
    refused: [{ allowed: [] }, { allowed: [""] }],
  },
  {
    rule: "selinux-options",
    taken: [{ fields: ["type", "user", "role"] }],
    refused: [{ fields: [] }, { fields: ["level"] }],
  },
];
