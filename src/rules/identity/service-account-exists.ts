import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "service-account-exists",
  revision: 1,
  title: "The named service account exists",
  category: "identity",
  severity: "High",
  kinds: "workloads",
  reads: ["ServiceAccount"],
  why: "The API server refuses every new Pod whose service account is missing. What runs goes on, so it shows only at the next rollout, restart or drain.",
  fix: "Create the ServiceAccount in the same namespace, or correct serviceAccountName.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"],
  params: z.strictObject({}),
  messages: {
    missing: "Service account {account} does not exist",
  },
  collect({ resource }) {
    const account = resource.podSpec?.serviceAccountName ?? "default";
    return account === "default" ? undefined : account;
  },
  check({ id, subject, inventory, report }) {
    if (inventory.get("ServiceAccount", id.namespace, subject) !== undefined) return;
    const account = printable(subject);
    report("missing", { path: path("serviceAccountName"), data: { account }, value: account });
  },
});
