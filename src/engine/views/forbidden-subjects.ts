import { printable } from "../values/printable.ts";
import { isBuiltInRbac, roleRefOf, type Subject, subjectsOf } from "./rbac.ts";
import type { ResourceView } from "./resource-view.ts";

/** A subject that may not be bound, ready to be reported. */
export interface ForbiddenSubject {
  readonly path: "subjects";
  /** The name of the subject. */
  readonly class: string;
  readonly data: { readonly role: string; readonly subject: string };
  readonly value: string;
}

/** The subjects of a binding that a rule forbids. Bindings that the API server keeps have none. */
export function forbiddenSubjects(
  view: ResourceView,
  isForbidden: (subject: Subject) => boolean,
): readonly ForbiddenSubject[] {
  if (isBuiltInRbac(view)) return [];
  const role = printable(roleRefOf(view)?.name ?? "no role");
  return subjectsOf(view)
    .filter(isForbidden)
    .map((subject) => {
      const shown = subjectText(subject);
      return { path: "subjects", class: printable(subject.name), data: { role, subject: shown }, value: shown };
    });
}

/** `Group ops`, `ServiceAccount build/ci`. */
export function subjectText({ kind, namespace, name }: Subject): string {
  const place = namespace === undefined || kind !== "ServiceAccount" ? "" : `${namespace}/`;
  return printable(`${kind || "subject"} ${place}${name}`);
}
