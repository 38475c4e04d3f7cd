import { z } from "zod";
import { pointerTo } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import type { PodSpecView } from "../../engine/views/pod-spec.ts";

export const rule = defineRule({
  id: "no-legacy-service-account-field",
  revision: 1,
  title: "The service account is named by its present field",
  category: "identity",
  severity: "Low",
  kinds: "workloads",
  why: "serviceAccount is the old name of serviceAccountName. Tools and policies that read only the new one take the Pod for one without an account.",
  fix: "Rename serviceAccount to serviceAccountName.",
  packs: { strict: {}, deprecation: {} },
  references: [
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  ],
  params: z.strictObject({}),
  messages: {
    legacy: "The service account {account} is named by the old field serviceAccount alone",
  },
  check({ resource: { podSpec }, report }) {
    const account = podSpec && legacyAccount(podSpec);
    if (account === undefined) return;
    const name = printable(account);
    report("legacy", { path: path("serviceAccount"), data: { account: name }, value: name });
  },
  autofix({ resource: { podSpec } }) {
    const account = podSpec && legacyAccount(podSpec);
    if (podSpec === undefined || account === undefined) return [];
    return [
      { op: "add", path: pointerTo(podSpec.pointer, "serviceAccountName"), value: account },
      { op: "remove", path: pointerTo(podSpec.pointer, "serviceAccount") },
    ];
  },
});

/** Live objects carry both names. */
function legacyAccount({ fields }: PodSpecView): string | undefined {
  return textAt(fields, "serviceAccountName") ? undefined : textAt(fields, "serviceAccount") || undefined;
}
