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
  const rules = recordsAt(view.object, "spec", "rules").flatMap((rule) => recordsAt(rule, "http", "paths"));
  return [
    ...defaultBackends(view).flatMap(({ path, backend }) => readBackend(path, backend)),
    ...rules.flatMap((rule) => readBackend("spec.rules", fieldsAt(rule, "backend"))),
  ];
}

/** The backend for what no rule takes: `defaultBackend`, in old versions `backend`. */
export function defaultBackends(view: ResourceView): readonly { readonly path: string; readonly backend: Fields }[] {
  return ["defaultBackend", "backend"].flatMap((field) => {
    const backend = fieldsAt(view.object, "spec", field);
    return backend === undefined ? [] : [{ path: `spec.${field}`, backend }];
  });
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
