import { z } from "zod";
import { atomic, Count, FreeForm, listOf, mapOf, Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { type KindDefinition, objectOf } from "./kind-definition.ts";
import { ownership, place, Ref } from "./violating.ts";

const BaselineEntry = z
  .object({
    ...place,
    since: Timestamp.describe("When it was accepted; absent means takenAt.").exactOptional(),
    absentSince: Timestamp.describe("Since when it is fixed; after settle the entry goes.").exactOptional(),
    announced: z.boolean().describe("Its being fixed was announced.").exactOptional(),
    outSince: Timestamp.describe(
      "Since when it is out of the policy's scope; after 30 days the entry goes.",
    ).exactOptional(),
    idleSince: Timestamp.describe(
      "Since when no sibling of a generated name lives; after 30 days the entry goes.",
    ).exactOptional(),
    moved: z.boolean().describe("It was accepted under an earlier name or place.").exactOptional(),
  })
  .describe("One accepted violation.");

export type BaselineEntry = Immutable<z.infer<typeof BaselineEntry>>;

const BaselineResource = z
  .object({
    ref: Ref,
    shape: z
      .string()
      .describe("Hash of what the resource is made of, by which it is recognised under another name.")
      .exactOptional(),
    owner: ownership.owner.describe(
      "The team that answered for it, while it is gone and that is still to be announced.",
    ),
    source: ownership.source.describe("What had put it into the cluster, equally."),
    entries: listOf(BaselineEntry).describe("Its accepted violations."),
  })
  .describe("One resource with accepted violations.");

export type BaselineResource = Immutable<z.infer<typeof BaselineResource>>;

const RuleFinds = z
  .object({
    at: Timestamp.describe("When they were accepted."),
    violations: Count.describe("Number of violations."),
    resources: Count.describe("Number of resources that had them."),
  })
  .describe(
    "What it found when it was last adopted after takenAt, of which an Event tells; absent if there was nothing.",
  );

const BaselineRule = z
  .object({
    revision: z.int().min(0).describe("Revision of the rule."),
    params: z.string().describe("Hash of its parameters."),
    adopted: RuleFinds.exactOptional(),
  })
  .describe("One rule as it was when its violations were adopted.");

export type BaselineRule = Immutable<z.infer<typeof BaselineRule>>;

const BaselineObject = objectOf("Baseline", {
  format: z.literal(1).describe("Version of this layout."),
  policyRef: atomic(z.object({ name: z.string().describe("Name of the policy.") })).describe(
    "The policy whose debt this is.",
  ),
  namespace: z.string().describe("The namespace it covers; absent for resources without one.").exactOptional(),
  takenAt: Timestamp.describe("When it was taken."),
  fixed: Count.describe("Entries that are gone since it was taken, those included that were removed after settle."),
  entryCount: Count.describe("Number of entries in it."),
  match: atomic(FreeForm).describe("The policy's match by which it was last judged."),
  kinds: listOf(z.string().describe("A kind, as Kind.group.")).describe("Kinds that were adopted."),
  rules: mapOf(BaselineRule).describe("Rules that were adopted, by id."),
  holes: mapOf(Timestamp.describe("Since when.")).describe(
    "Kinds and rules whose evidence is incomplete, and since when. Nothing of theirs is adopted or fixed meanwhile.",
  ),
  unreported: z
    .boolean()
    .describe("Nothing was ever judged here, so there is no report yet; without it a missing report was lost.")
    .exactOptional(),
  outOfScopeSince: Timestamp.describe("Since when the namespace is out of the policy's scope.").exactOptional(),
  orphanedSince: Timestamp.describe("Since when the policy is gone; after 30 days the baseline goes.").exactOptional(),
  namespaceGoneSince: Timestamp.describe(
    "Since when the namespace is gone; after settle the baseline goes.",
  ).exactOptional(),
  resources: listOf(BaselineResource).describe("The accepted violations, by resource."),
  k: Count.describe(
    "Number of bits of a resource's hash that choose its part; absent if there are no parts.",
  ).exactOptional(),
  part: Count.describe("Which part it is, from 0; absent if there are no parts.").exactOptional(),
}).describe(
  "A Baseline holds the accepted debt of one policy in one namespace, or in the resources without one. Written by the operator; entries that a person adds or removes count.",
);

export type Baseline = Immutable<z.infer<typeof BaselineObject>>;

export const baselineKind = {
  kind: "Baseline",
  plural: "baselines",
  singular: "baseline",
  shortNames: ["pbl"],
  scope: "Cluster",
  inCategory: true,
  statusSubresource: false,
  columns: [
    { name: "Policy", type: "string", jsonPath: ".policyRef.name", description: "The policy whose debt it is." },
    { name: "Namespace", type: "string", jsonPath: ".namespace", description: "The namespace it covers." },
    { name: "Entries", type: "integer", jsonPath: ".entryCount", description: "Accepted violations in it." },
    { name: "Fixed", type: "integer", jsonPath: ".fixed", description: "Entries gone since it was taken." },
    { name: "Taken", type: "date", jsonPath: ".takenAt", description: "Time since it was taken." },
  ],
  selectableFields: [".policyRef.name"],
  schema: BaselineObject,
} as const satisfies KindDefinition;
