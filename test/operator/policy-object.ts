import type { PolicyObject } from "../../src/operator/policy-book.ts";

/** A Policy as the operator reads it: it enables the recommended pack, and nobody has looked at it yet. */
export function policyObject(rest: Partial<PolicyObject> = {}): PolicyObject {
  return {
    name: "production",
    uid: "uid-1",
    resourceVersion: "1",
    generation: 1,
    createdAt: 0,
    annotations: {},
    spec: { rules: { packs: ["recommended"] } },
    status: undefined,
    ...rest,
  };
}
