import { z } from "zod";
import { ingressFacts } from "../../engine/facts/ingress.ts";
import { ingressesByRoute, isSameIngress } from "../../engine/facts/ingresses-by-route.ts";
import type { ResourceId } from "../../engine/resource.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { namesInShort } from "../../engine/values/names-in-short.ts";
import { ingressKinds, routeText } from "../../engine/views/ingress.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "no-ingress-conflict",
  revision: 1,
  title: "No two Ingresses claim the same host and path",
  category: "network",
  severity: "High",
  kinds: ingressKinds,
  reads: ingressKinds,
  why: "Of two Ingresses with the same host and path one gets the requests, and which one is up to the controller: often the older, after a restart perhaps the other. Who may create Ingresses can take over the traffic of another team this way.",
  fix: "Keep the host and path in one of the Ingresses, or give them different classes.",
  packs: { recommended: {}, strict: {}, network: {} },
  references: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules",
    "https://kubernetes.github.io/ingress-nginx/how-it-works/#building-the-nginx-model",
  ],
  params: z.strictObject({}),
  messages: {
    shared: "{route} is also claimed by {others}",
  },
  collect({ resource }) {
    const { class: ingressClass, routes } = ingressFacts(resource);
    return routes.length === 0 ? undefined : { ingressClass, routes };
  },
  elsewhere: () => "all",
  check({ id, subject: { ingressClass, routes }, inventory, report }) {
    const ingresses = ingressesByRoute(inventory);
    for (const route of routes) {
      const others = ingresses.of(ingressClass, route).filter((other) => !isSameIngress(other, id));
      if (others.length === 0) continue;
      const text = routeText(route);
      const data = { route: text, others: namesInShort(others.map(placeOf)) };
      report("shared", { path: path("spec", "rules"), class: text, data, value: text });
    }
  },
});

/** A manifest may leave its namespace to whoever applies it. */
function placeOf({ namespace, name }: ResourceId): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}
