import { group } from "../api/group.ts";
import { reportSubscriptionKind } from "../api/report-subscription.ts";
import type { Access } from "../kube/access.ts";

const { plural } = reportSubscriptionKind;

/** What deliveries need beside what the operator may do anyway: reading Policies and reports, and creating Events. */
export const notifyAccess: readonly Access[] = [
  {
    group,
    resources: [plural],
    verbs: ["list", "watch"],
    within: "cluster",
    why: "who is told what, when and where",
  },
  {
    group,
    resources: [`${plural}/status`],
    verbs: ["patch"],
    within: "cluster",
    why: "what was sent, and what is to be sent",
  },
];

/** Secrets that the samples name. Others are granted beside them, by name; never listed, never watched. */
export const sampleSecrets = ["pawl-slack", "pawl-smtp", "pawl-webhook"] as const;

/** Not granted unless somebody asks for it: reading the credentials that subscriptions name. */
export const secretsAccess: Access = {
  group: "",
  resources: ["secrets"],
  verbs: ["get"],
  names: sampleSecrets,
  within: "namespace",
  why: "credentials of report subscriptions",
};
