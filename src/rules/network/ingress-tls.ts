import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { listAt } from "../../engine/views/fields.ts";
import { ingressKinds } from "../../engine/views/ingress.ts";
import { path } from "../../engine/views/path.ts";

/** By these a cloud's load balancer is told its certificate beside the Ingress. */
const certificateAnnotations = [
  "alb.ingress.kubernetes.io/certificate-arn",
  "networking.gke.io/managed-certificates",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
];

export const rule = defineRule({
  id: "ingress-tls",
  revision: 1,
  title: "Ingresses terminate TLS",
  category: "network",
  severity: "Medium",
  kinds: ingressKinds,
  why: "Without TLS everybody on the way reads and changes what is sent: passwords, cookies, answers.",
  fix: "List hosts and a certificate's Secret in spec.tls, or name the certificate by the annotation of your load balancer.",
  packs: { strict: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
  params: z.strictObject({}),
  messages: {
    missing: "The Ingress serves plain HTTP: spec.tls is empty, and no annotation names a certificate",
  },
  check({ resource, report }) {
    if (listAt(resource.object, "spec", "tls").length > 0) return;
    if (certificateAnnotations.some((key) => resource.annotations.get(key))) return;
    report("missing", { path: path("spec", "tls"), data: {}, value: "none" });
  },
});
