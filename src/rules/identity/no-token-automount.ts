import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

/** Where the decision is written: in the pod, or else in its account. */
type Subject =
  | { readonly sort: "pod"; readonly account: string; readonly isWritten: boolean }
  | { readonly sort: "account"; readonly account: string };

export const rule = defineInventoryRule({
  id: "no-token-automount",
  revision: 1,
  title: "Pods mount no token that they do not need",
  category: "identity",
  severity: "Medium",
  kinds: [...workloadKinds, "ServiceAccount"],
  reads: ["ServiceAccount"],
  why: "The token speaks for the Pod at the API server. Most programs never use it; whoever breaks into one does, with every right that its account has or will get.",
  fix: "Set automountServiceAccountToken to false in the pod, or in its ServiceAccount for all that use it.",
  packs: { nsa: {}, cis: {}, eks: {} },
  aliases: [{ id: "SRVACC_INCORRECT_AUTOMOUNTSERVICEACCOUNTTOKEN_VALUE", params: { serviceAccounts: true } }],
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
    "https://www.cisecurity.org/benchmark/kubernetes",
  ],
  params: z.strictObject({
    serviceAccounts: z.boolean().default(false).describe("Each ServiceAccount must forbid it too"),
  }),
  messages: {
    written: "The pod mounts the token of service account {account}: automountServiceAccountToken is true",
    inherited: "The pod mounts the token of service account {account}: neither of them forbids it",
    account: "Service account {account} has its token mounted: automountServiceAccountToken is not false",
  },
  collect({ resource, params }): Subject | undefined {
    const { podSpec } = resource;
    if (podSpec !== undefined) {
      const flag = flagAt(podSpec.fields, "automountServiceAccountToken");
      if (flag === false) return undefined;
      return { sort: "pod", account: podSpec.serviceAccountName, isWritten: flag === true };
    }
    if (resource.kindName !== "ServiceAccount" || !params.serviceAccounts) return undefined;
    if (flagAt(resource.object, "automountServiceAccountToken") === false) return undefined;
    return { sort: "account", account: resource.id.name };
  },
  check({ id, subject, inventory, report }) {
    const at = { path: path("automountServiceAccountToken"), data: { account: printable(subject.account) } };
    if (subject.sort === "account") return report("account", at);
    if (subject.isWritten) return report("written", { ...at, value: "true" });
    const account = inventory.get("ServiceAccount", id.namespace, subject.account);
    if (account?.automountToken !== false) report("inherited", at);
  },
});
