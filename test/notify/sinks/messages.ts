import type { Message } from "../../../src/notify/message.ts";

const envelope = {
  id: "3f1c2a90b7",
  cluster: "prod-eu",
  subscription: "platform",
  at: "2026-11-21T07:59:30Z",
  repeated: false,
} as const;

/** One rule, one owner, two places: what an immediate message tells. */
export const notice: Message = {
  ...envelope,
  kind: "transitions",
  notice: {
    owner: "payments",
    rule: { id: "memory-limit", title: "Memory limit", severity: "High" },
    added: {
      total: 2,
      shown: ["checkout", "cart"].map((name) => ({
        namespace: "shop",
        ref: `Deployment.apps/${name}`,
        path: "containers[name=app].resources.limits.memory",
        count: 1,
        value: "none",
        since: { at: "2026-11-21T07:59:00Z", text: "Sat 21 Nov 2026, 08:59" },
        policies: ["production"],
      })),
    },
    fixed: { total: 0, shown: [] },
  },
};
