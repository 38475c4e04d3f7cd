import { recordsAt, textsAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

export const networkPolicyKind = "NetworkPolicy.networking.k8s.io";

/** Every kind of policy that closes Pods off. */
export const networkPolicyKinds = [
  networkPolicyKind,
  "CiliumNetworkPolicy.cilium.io",
  "CiliumClusterwideNetworkPolicy.cilium.io",
] as const;

export const directions = ["Ingress", "Egress"] as const;
export type Direction = (typeof directions)[number];

/** Where a policy lists what it lets through. */
export const ruleField = { Ingress: "ingress", Egress: "egress" } as const satisfies Record<Direction, string>;

/** The directions that a NetworkPolicy closes: `policyTypes`, else Ingress, and Egress if there are egress rules. */
export function isolatedDirections({ object }: ResourceView): readonly Direction[] {
  const types = textsAt(object, "spec", "policyTypes");
  if (types.length > 0) return directions.filter((direction) => types.includes(direction));
  const hasEgress = recordsAt(object, "spec", "egress").length > 0;
  return hasEgress ? directions : ["Ingress"];
}
