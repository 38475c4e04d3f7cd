import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { type Fields, fieldsAt, listAt, recordsAt, textAt } from "../../engine/views/fields.ts";
import {
  type Direction,
  directions,
  isolatedDirections,
  networkPolicyKind,
  ruleField,
} from "../../engine/views/network-policy.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-allow-all-network-policy",
  revision: 1,
  title: "No network policy allows everything",
  category: "network",
  severity: "Medium",
  kinds: [networkPolicyKind],
  why: "Policies add up: one rule that admits everything takes back what all the others close, and whoever reads those believes the Pods to be protected.",
  fix: "Name the peers and ports that are needed, or remove the rule.",
  packs: { strict: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-ingress-traffic"],
  params: z.strictObject({
    directions: z.array(z.enum(directions)).default(["Ingress"]).describe("Directions that are looked at"),
  }),
  messages: {
    Ingress: "A rule admits connections from everywhere to every port",
    Egress: "A rule admits connections to everywhere and every port",
  },
  check({ resource, params, report }) {
    for (const direction of isolatedDirections(resource)) {
      if (!params.directions.includes(direction)) continue;
      const field = ruleField[direction];
      if (!recordsAt(resource.object, "spec", field).some((one) => admitsEverything(one, direction))) continue;
      report(direction, { path: path("spec", field), class: direction, data: {} });
    }
  },
});

const peersOf = { Ingress: "from", Egress: "to" } as const satisfies Record<Direction, string>;

function admitsEverything(rule: Fields, direction: Direction): boolean {
  const peers = listAt(rule, peersOf[direction]);
  return listAt(rule, "ports").length === 0 && peers.every(isEverywhere);
}

/** A block of all addresses, of which none is left out. */
function isEverywhere(peer: unknown): boolean {
  const block = fieldsAt(peer, "ipBlock");
  const cidr = textAt(block, "cidr");
  return (cidr === "0.0.0.0/0" || cidr === "::/0") && listAt(block, "except").length === 0;
}
