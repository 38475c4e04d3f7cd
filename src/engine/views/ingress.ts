import { printable } from "../values/printable.ts";
import { findTokens, tokenProviders } from "../values/token-shapes.ts";
import { type Fields, fieldsAt, integerAt, recordsAt, textAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/** Ingress in its group of today and the one it came from. */
export const ingressKinds = ["Ingress.networking.k8s.io", "Ingress.extensions"] as const;

/** A Service that an Ingress sends requests to. */
export interface IngressBackend {
  /** `spec.rules`, `spec.defaultBackend`, or its old name `spec.backend`. */
  readonly path: string;
  readonly service: string;
  /** Name or number; undefined where the manifest names none. */
  readonly port: string | number | undefined;
}

/** Backends that are Services, in the order written; `resource` backends are none. */
export function ingressBackends(view: ResourceView): readonly IngressBackend[] {
  return [
    ...defaultBackends(view).flatMap(({ path, backend }) => readBackend(path, backend)),
    ...ingressRules(view).flatMap(({ paths }) =>
      paths.flatMap((one) => readBackend("spec.rules", fieldsAt(one, "backend"))),
    ),
  ];
}

/** The backend for what no rule takes: `defaultBackend`, in old versions `backend`. */
export function defaultBackends(view: ResourceView): readonly { readonly path: string; readonly backend: Fields }[] {
  return ["defaultBackend", "backend"].flatMap((field) => {
    const backend = fieldsAt(view.object, "spec", field);
    return backend === undefined ? [] : [{ path: `spec.${field}`, backend }];
  });
}

/** What an Ingress answers to: a host, empty for any, and a path, `/` where none is written. */
export interface IngressRoute {
  readonly host: string;
  readonly path: string;
}

/** The routes of the rules, in the order written; a rule without paths has none. */
export function ingressRoutes(view: ResourceView): readonly IngressRoute[] {
  return ingressRules(view).flatMap(({ host, paths }) =>
    paths.map((one) => ({ host, path: textAt(one, "path") || "/" })),
  );
}

const providers = new Set(tokenProviders);

/** `shop.example.com/cart`, with a star for any host; a path that holds a credential is not told. */
export function routeText({ host, path }: IngressRoute): string {
  const told = findTokens(path, providers).length === 0 ? path : "/(a path with a credential)";
  return printable(`${host || "*"}${told}`);
}

/** The hosts of the rules, in the order written; empty where a rule names none. */
export function ingressHosts(view: ResourceView): readonly string[] {
  return ingressRules(view).map(({ host }) => host);
}

const classAnnotation = "kubernetes.io/ingress.class";

/** The class that decides which controller answers: the field, else the annotation it came from. */
export function ingressClass(view: ResourceView): string | undefined {
  return textAt(view.object, "spec", "ingressClassName") || view.annotations.get(classAnnotation) || undefined;
}

function ingressRules(view: ResourceView): readonly { readonly host: string; readonly paths: readonly Fields[] }[] {
  return recordsAt(view.object, "spec", "rules").map((rule) => ({
    host: textAt(rule, "host") ?? "",
    paths: recordsAt(rule, "http", "paths"),
  }));
}

function readBackend(path: string, backend: Fields | undefined): readonly IngressBackend[] {
  const service = textAt(backend, "service", "name") || textAt(backend, "serviceName");
  if (!service) return [];
  const port =
    (textAt(backend, "service", "port", "name") || undefined) ??
    integerAt(backend, "service", "port", "number") ??
    integerAt(backend, "servicePort") ??
    (textAt(backend, "servicePort") || undefined);
  return [{ path, service, port }];
}
