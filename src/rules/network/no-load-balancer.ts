import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { type TextMap, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-load-balancer",
  revision: 1,
  title: "No Service orders a load balancer of its own",
  category: "network",
  severity: "Low",
  kinds: ["Service"],
  why: "A Service of type LoadBalancer gets a load balancer of the cloud provider, with a public address unless told otherwise. It costs money by the hour, and what it exposes passes no Ingress with its TLS and authentication.",
  fix: "Use type ClusterIP behind an Ingress or a Gateway, or ask for an internal load balancer by the provider's annotation.",
  packs: {},
  references: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
    "https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer",
  ],
  params: z.strictObject({
    allowInternal: z
      .boolean()
      .default(true)
      .describe("Internal load balancers pass, known by the provider's annotation"),
  }),
  messages: {
    loadBalancer: "The Service is of type LoadBalancer",
    public: "The Service is of type LoadBalancer, and no annotation asks for an internal one",
  },
  check({ resource, params, report }) {
    if (textAt(resource.object, "spec", "type") !== "LoadBalancer") return;
    if (params.allowInternal && isInternal(resource.annotations)) return;
    const message = params.allowInternal ? "public" : "loadBalancer";
    report(message, { path: path("spec", "type"), data: {}, value: "LoadBalancer" });
  },
});

/** By which annotation and value each provider is asked for a load balancer without a public address. */
const internal: readonly (readonly [key: string, value: string])[] = [
  ["networking.gke.io/load-balancer-type", "Internal"],
  ["cloud.google.com/load-balancer-type", "Internal"],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", "true"],
];

function isInternal(annotations: TextMap): boolean {
  return internal.some(([key, value]) => annotations.get(key) === value);
}
