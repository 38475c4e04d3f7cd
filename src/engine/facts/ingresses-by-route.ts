import type { Inventory } from "../inventory.ts";
import type { ResourceId } from "../resource.ts";
import type { IngressRoute } from "../views/ingress.ts";
import type { IngressFacts } from "./ingress.ts";

/** Which Ingresses answer to one route under one class. */
export interface IngressesByRoute {
  of(ingressClass: string | undefined, route: IngressRoute): readonly ResourceId[];
}

/** Clusters hold thousands of Ingresses, and each asks for all the others: the index lives as long as the list it is of. */
const indexes = new WeakMap<readonly IngressFacts[], ReadonlyMap<string, readonly ResourceId[]>>();

/** All Ingresses of all namespaces by route; one that two API groups serve stands there once. */
export function ingressesByRoute(inventory: Inventory): IngressesByRoute {
  const today = indexOf(inventory.all("Ingress.networking.k8s.io"));
  const old = indexOf(inventory.all("Ingress.extensions"));
  return {
    of(ingressClass, route) {
      const key = keyOf(ingressClass, route);
      const found = today.get(key) ?? [];
      const others = (old.get(key) ?? []).filter((id) => !found.some((one) => isSameIngress(one, id)));
      return [...found, ...others];
    },
  };
}

/** Whatever the group through which it is seen. */
export function isSameIngress(a: ResourceId, b: ResourceId): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function indexOf(ingresses: readonly IngressFacts[]): ReadonlyMap<string, readonly ResourceId[]> {
  const known = indexes.get(ingresses);
  if (known !== undefined) return known;
  const index = new Map<string, ResourceId[]>();
  for (const { id, class: ingressClass, routes } of ingresses)
    for (const key of new Set(routes.map((route) => keyOf(ingressClass, route)))) {
      const ids = index.get(key);
      if (ids === undefined) index.set(key, [id]);
      else ids.push(id);
    }
  indexes.set(ingresses, index);
  return index;
}

function keyOf(ingressClass: string | undefined, { host, path }: IngressRoute): string {
  return JSON.stringify([ingressClass ?? null, host, path]);
}
