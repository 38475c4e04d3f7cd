import { z } from "zod";
import type { GrantTarget } from "../views/forbidden-grants.ts";
import { parseIpRange } from "./ip-address.ts";
import { isPattern } from "./pattern.ts";
import { parseQuantity } from "./quantity.ts";

/** Parameter types that several rules share. All stay plain values: parameters are hashed, shown and stored. */

/** `500m`, `1Gi`, `2`. */
export const quantityParam = z
  .union([z.string(), z.number()])
  .refine((value) => parseQuantity(value) !== undefined, { error: "is no Kubernetes quantity, such as 500m or 1Gi" });

/** `1.29`: judges as that Kubernetes release would, in place of the cluster's. */
export const releaseParam = z.string().regex(/^1\.\d{1,3}$/, { error: "is no Kubernetes release, such as 1.29" });

/** `{min: 8000, max: 8999}`: numbers from 0, both ends included. */
export const rangeParam = z
  .strictObject({ min: z.int().min(0), max: z.int().min(0) })
  .refine(({ min, max }) => min <= max, { error: "ends before it begins" });

/** `10.0.0.0/8`, `203.0.113.7`, `fd00::/8`. */
export const ipRangeParam = z
  .string()
  .refine((text) => parseIpRange(text) !== undefined, { error: "is no IP address or range, such as 10.0.0.0/8" });

/** `workloads`, `*`, `Deployment`, `Deployment.apps`, `*.argoproj.io`. */
export const kindPatternParam = z
  .string()
  .regex(/^(\*|[A-Za-z][A-Za-z0-9]*|(\*|[A-Za-z][A-Za-z0-9]*)\.[a-z0-9]([-.a-z0-9]*[a-z0-9])?)$/, {
    error: "is no kind, such as Deployment.apps, *.argoproj.io or workloads",
  });

/** RE2 syntax, matched against the whole value. */
export const patternParam = z.string().refine(isPattern, { error: "is no RE2 pattern" });

/** RE2 patterns that match anywhere in a name, in any letter case. */
export const namePatternsParam = z.array(patternParam).default([]);

/** What rules about grants let a policy replace: resources, within the groups that the rule asks for, and verbs. */
export function grantParams(targets: readonly GrantTarget[], verbs: readonly string[]) {
  const listed = [...new Set(targets.flatMap(({ resources }) => resources))].join(", ");
  return z.strictObject({
    resources: z.array(z.string().min(1)).min(1).optional().describe(`Resources asked for in place of ${listed}`),
    verbs: z
      .array(z.string().min(1))
      .default([...verbs])
      .describe("Verbs of which none may be granted; without any: no verb at all, and no entry without verbs"),
  });
}
