import { z } from "zod";
import { Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** metav1.Condition. */
export const Condition = z
  .object({
    type: z.string().max(316).describe("What is stated: Ready, Stalled or Degraded."),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds."),
    observedGeneration: z.int().min(0).describe("Generation of the object that was looked at.").exactOptional(),
    lastTransitionTime: Timestamp.describe("When the status last changed."),
    reason: z.string().min(1).max(1024).describe("Why, as one CamelCase word for programs."),
    message: z.string().max(32_768).describe("Why, and what to do, for people."),
  })
  .describe("One statement about the state of the object.");

export type Condition = Immutable<z.infer<typeof Condition>>;

/** Conditions of a Policy. Each text says what the condition states and when it is there. */
export const policyConditions = {
  Ready:
    "The spec compiled and scans judge by it. Violations never change it. Always there once the spec was looked at.",
  Stalled:
    "The spec cannot be compiled and waits for a person; until then the last good spec stays in force. Absent when fine, so that delivery tools fail at once and only then.",
  Degraded: "Verdicts are incomplete: something in scope could not be read or judged. Absent when fine.",
} as const;

export type PolicyConditionType = keyof typeof policyConditions;

/** Reasons of Ready=True. */
export const readyReasons = {
  InForce: "The spec of this generation compiled; it is what scans judge by.",
} as const;

/** Reasons of Ready=False, and equally of Stalled=True. The message names the field. */
export const stalledReasons = {
  InvalidSpec: "A field has a value that it cannot have, or is not known to this version.",
  UnknownPack: "spec.rules.packs names a pack that does not exist.",
  UnknownRule: "spec.rules.disable or spec.rules.override names a rule that does not exist.",
  InvalidParams: "An override gives parameters that its rule does not take.",
  ContradictoryRules: "The policy enables rules that no resource can satisfy together.",
  InvalidSchedule: "spec.scan.schedule is no schedule, or none that ever comes.",
  InvalidTimeZone: "spec.scan.timeZone is no known time zone.",
} as const;

/** Reasons of Degraded=True. status.coverage.holes and the reports' problems hold the details. */
export const degradedReasons = {
  IncompleteCoverage:
    "At least one kind in scope could not be read completely; status.coverage.holes says which and why.",
  RuleFailed: "At least one rule threw instead of judging; the problems of the reports say which and on what.",
  WriteFailed: "Reports or baselines could not be written, so what they show is older than the last scan.",
} as const;

/** Reasons of `status.coverage.holes`. */
export const holeReasons = {
  Forbidden: "The operator may not list the kind: grant it with a ClusterRole that is aggregated to its own.",
  DiscoveryFailed: "The API server could not say whether it serves the kind, often because an aggregated API is down.",
  ListFailed: "Listing the kind failed; the message holds the API server's answer.",
  Stale: "The watch of the kind has not delivered a complete and current list for a minute.",
} as const;

/** Reasons of `status.inactiveRules`. */
export const inactiveRuleReasons = {
  NeedsSecretMetadata: "The rule needs to list Secrets, which is off by default: the setting secret-metadata.",
  ManifestsOnly: "The rule judges manifests only: on live objects the API server has overwritten the evidence.",
} as const;
