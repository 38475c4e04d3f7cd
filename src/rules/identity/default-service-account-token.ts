import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "default-service-account-token",
  revision: 1,
  title: "The default service account lends nobody its token",
  category: "identity",
  severity: "Medium",
  kinds: ["ServiceAccount"],
  why: "Every Pod that names no account gets the token of the one called default, needed or not. Switched off there, nobody gets one by accident.",
  fix: "Set automountServiceAccountToken to false in the ServiceAccount default of the namespace.",
  packs: { cis: {} },
  aliases: [{ id: "CIS_INVALID_VALUE_AUTOMOUNTSERVICEACCOUNTTOKEN" }],
  references: [
    "https://www.cisecurity.org/benchmark/kubernetes",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "The service account default lends its token: automountServiceAccountToken is not set, which allows it",
    allowed: "The service account default lends its token: automountServiceAccountToken is true",
  },
  check({ resource, report }) {
    if (resource.id.name !== "default") return;
    const flag = flagAt(resource.object, "automountServiceAccountToken");
    if (flag === false) return;
    report(flag === undefined ? "missing" : "allowed", {
      path: path("automountServiceAccountToken"),
      data: {},
      value: flag === undefined ? "none" : "true",
    });
  },
});
