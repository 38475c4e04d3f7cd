import { z } from "zod";
import { Count, listOf, Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

const rowStates = ["New", "Known"] as const;

export type RowState = (typeof rowStates)[number];

/** Where a violation is and what it is: the readable part of its fingerprint, below the resource. */
export const place = {
  rule: z.string().describe("Id of the rule that does not hold."),
  path: z
    .string()
    .describe(
      "Place in the resource, with list elements named by their key: containers[name=app].resources.limits.memory.",
    ),
  class: z
    .string()
    .describe("What tells violations at one place apart, such as an image repository. Only where the rule needs it.")
    .exactOptional(),
  count: z.int().min(1).describe("How many times it is there; absent means once.").exactOptional(),
};

export const Ref = z.string().describe("The resource, as Kind.group/name: Deployment.apps/checkout, Pod/debug.");

const Row = z
  .object({
    ...place,
    state: z
      .enum(rowStates)
      .describe("New: in excess of the baseline. Known: covered by it; absent means Known.")
      .exactOptional(),
    since: Timestamp.describe("When it was first found; absent means when the baseline was taken.").exactOptional(),
    moved: z.boolean().describe("Known under an earlier name or place.").exactOptional(),
    value: z
      .string()
      .max(64)
      .describe("The offending value, cut to 64 characters. Never given by rules about secrets.")
      .exactOptional(),
  })
  .describe("One violation.");

export type Row = Immutable<z.infer<typeof Row>>;

/** Who answers for a resource, and what put it into the cluster. */
export const ownership = {
  owner: z
    .string()
    .max(63)
    .describe("The team that answers for it; absent means that neither it nor its controller nor namespace names one.")
    .exactOptional(),
  source: z
    .string()
    .max(128)
    .describe(
      "What put it into the cluster, where it says so: argocd:shop, flux:helmrelease/shop/web, flux:kustomization/flux-system/apps, helm:web.",
    )
    .exactOptional(),
};

const ViolatingResource = z
  .object({
    ref: Ref,
    ...ownership,
    rows: listOf(Row).describe("Its violations, at most 200."),
    more: Count.describe("Number of violations beyond those listed.").exactOptional(),
  })
  .describe("One resource with violations.");

export type ViolatingResource = Immutable<z.infer<typeof ViolatingResource>>;

/** The list that stands in a report, or spread over its parts. */
export const Violating = listOf(ViolatingResource).describe("Resources with violations. Clean ones are not listed.");

/** Reference of a report to what it was judged by. */
export const PolicyReference = z.object({
  kind: z.literal("Policy").describe("Kind of the reference: Policy."),
  name: z.string().describe("Name of the policy."),
});
