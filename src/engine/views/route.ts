import { type Fields, fieldsAt, integerAt, recordsAt, textAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

const group = "gateway.networking.k8s.io";

/** Routes of the Gateway API. */
export const routeKinds = ["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"].map(
  (kind) => `${kind}.${group}`,
);

/** A Service that a route sends to, or mirrors to. */
export interface RouteBackend {
  /** The route's own where nothing is written. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number | undefined;
}

/** Backends that are Services, in the order written; other kinds are none. */
export function routeBackends(view: ResourceView): readonly RouteBackend[] {
  return recordsAt(view.object, "spec", "rules")
    .flatMap((rule) => [...mirrors(rule), ...recordsAt(rule, "backendRefs").flatMap((ref) => [ref, ...mirrors(ref)])])
    .flatMap((ref) => readBackend(ref, view.id.namespace) ?? []);
}

/** Filters of a rule or of a backend that copy requests elsewhere. */
function mirrors(of: Fields): readonly Fields[] {
  return recordsAt(of, "filters")
    .map((filter) => fieldsAt(filter, "requestMirror", "backendRef"))
    .filter((ref) => ref !== undefined);
}

function readBackend(ref: Fields, ownNamespace: string): RouteBackend | undefined {
  const service = textAt(ref, "name");
  const isService = (textAt(ref, "group") ?? "") === "" && (textAt(ref, "kind") || "Service") === "Service";
  if (!service || !isService) return undefined;
  return { namespace: textAt(ref, "namespace") || ownNamespace, service, port: integerAt(ref, "port") };
}
