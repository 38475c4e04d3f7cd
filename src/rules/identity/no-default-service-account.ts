import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-default-service-account",
  revision: 1,
  title: "Workloads have a service account of their own",
  category: "identity",
  severity: "Low",
  kinds: "workloads",
  why: "All Pods without an account of their own share the one called default. What is granted to it for one of them all others can do as well, and nobody can tell them apart in the audit log.",
  fix: "Create a ServiceAccount for the workload and name it in serviceAccountName.",
  packs: { strict: {}, cis: {} },
  references: [
    "https://www.cisecurity.org/benchmark/kubernetes",
    "https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts",
  ],
  params: z.strictObject({}),
  messages: {
    shared: "The pod runs as the service account default, which all others share",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec?.serviceAccountName === "default")
      report("shared", { path: path("serviceAccountName"), data: {}, value: "default" });
  },
});
