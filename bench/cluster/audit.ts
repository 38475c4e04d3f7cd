import { readFileSync } from "node:fs";
import type { ControlPlane } from "../../tools/control-plane/index.ts";
import { operatorUser } from "./bench-cluster.ts";

/** One request of the operator that the API server has answered. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
}

/** What the operator has asked so far, oldest first. The control plane has to keep an audit log. */
export function operatorRequests({ auditLog = "" }: ControlPlane): readonly AuditEvent[] {
  return readFileSync(auditLog, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user }) => user.username === operatorUser);
}

const reading = new Set(["get", "list", "watch"]);

export function isWrite({ verb }: AuditEvent): boolean {
  return !reading.has(verb);
}

/** `patch policies/status` */
export function nameOf({ verb, objectRef }: AuditEvent): string {
  const { resource = "?", subresource } = objectRef ?? {};
  return `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
}
