import { z } from "zod";
import { type ResourceRef, resourceRef } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import { matchesKind } from "../../engine/values/kind-pattern.ts";
import { isBuiltInNamespaced } from "../../engine/values/namespaced-kinds.ts";
import { kindPatternParam } from "../../engine/values/rule-params.ts";
import { path } from "../../engine/views/path.ts";

const workloadsOnly = { kinds: ["workloads"] };

/** What every cluster has there by itself. */
const alwaysThere: ReadonlySet<ResourceRef> = new Set([
  "Service/kubernetes",
  "Endpoints/kubernetes",
  "EndpointSlice.discovery.k8s.io/kubernetes",
  "ConfigMap/kube-root-ca.crt",
  "ServiceAccount/default",
]);

export const rule = defineRule({
  id: "no-default-namespace",
  revision: 1,
  title: "Nothing lives in the namespace default",
  category: "metadata",
  severity: "Low",
  kinds: "any",
  why: "What nobody placed on purpose ends up in default: many teams' objects under one quota, one set of roles and one network policy, or none.",
  fix: "Make a namespace for the application and name it in metadata.namespace.",
  packs: { strict: {}, cis: {}, "datree-default": workloadsOnly, "datree-starter": workloadsOnly },
  aliases: [{ id: "WORKLOAD_INCORRECT_NAMESPACE_VALUE_DEFAULT", params: workloadsOnly }],
  references: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    "https://www.cisecurity.org/benchmark/kubernetes",
  ],
  params: z.strictObject({
    kinds: z.array(kindPatternParam).default(["*"]).describe("Kinds that are judged"),
    missing: z
      .enum(["allow", "deny"])
      .default("allow")
      .describe("Whether a manifest of a built-in kind may leave the namespace to whoever applies it"),
  }),
  messages: {
    inDefault: "The {kind} is in the namespace default",
    missing: "The {kind} names no namespace, which means default unless whoever applies it says otherwise",
  },
  check({ resource, params, report }) {
    const { id, kindName } = resource;
    if (!matchesKind(params.kinds, id) || alwaysThere.has(resourceRef(id))) return;
    const isMissing = id.namespace === "" && params.missing === "deny" && isBuiltInNamespaced(kindName);
    if (id.namespace !== "default" && !isMissing) return;
    const value = isMissing ? "none" : "default";
    report(isMissing ? "missing" : "inDefault", {
      path: path("metadata", "namespace"),
      data: { kind: id.kind },
      value,
    });
  },
});
