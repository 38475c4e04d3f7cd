import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { ingressClass, ingressKinds } from "../../engine/views/ingress.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "ingress-class",
  revision: 1,
  title: "Ingresses name their class",
  category: "network",
  severity: "Low",
  kinds: ingressKinds,
  why: "An Ingress without a class is served by whatever the cluster takes for its default: by no controller at all, or by several, and by another one after somebody changed the default.",
  fix: "Set spec.ingressClassName to the class of the controller that is meant.",
  packs: { strict: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"],
  params: z.strictObject({
    allowed: z.array(z.string().min(1)).optional().describe("The classes that may be used; any if not given"),
  }),
  messages: {
    missing: "The Ingress names no class",
    notAllowed: "The Ingress has the class {actual}, which is not among the allowed: {allowed}",
  },
  check({ resource, params, report }) {
    const actual = ingressClass(resource);
    const at = path("spec", "ingressClassName");
    if (actual === undefined) {
      report("missing", { path: at, data: {}, value: "none" });
      return;
    }
    if (params.allowed === undefined || params.allowed.includes(actual)) return;
    const shown = printable(actual);
    report("notAllowed", { path: at, data: { actual: shown, allowed: params.allowed.join(", ") }, value: shown });
  },
});
