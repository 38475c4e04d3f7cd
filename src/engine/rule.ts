import type { z } from "zod";
import type { Severity } from "../api/severity.ts";
import type { Inventory } from "./inventory.ts";
import type { PackMembership } from "./pack-membership.ts";
import type { PatchOperation } from "./patch.ts";
import type { Release } from "./release.ts";
import type { KindName, ResourceId } from "./resource.ts";
import type { ResourceView } from "./views/resource-view.ts";

/** Kinds that a rule judges: a named group of workloads, listed kinds, or any kind in scope. */
export type RuleKinds = "workloads" | "longRunning" | "any" | readonly KindName[];

export type Category =
  | "resources"
  | "probes"
  | "availability"
  | "jobs"
  | "images"
  | "pod-security"
  | "host"
  | "secrets"
  | "identity"
  | "rbac"
  | "network"
  | "platform"
  | "references"
  | "metadata"
  | "deprecation"
  | "argo";

/** What holds in the cluster (or on the command line) while rules judge. */
export interface RuleContext {
  readonly release: Release;
}

/** Placeholders of a message: `Container {container} has no limit` → `"container"`. */
export type Placeholders<M extends string> = M extends `${string}{${infer P}}${infer Rest}`
  ? P | Placeholders<Rest>
  : never;

export type Report<Messages extends Readonly<Record<string, string>>> = <Id extends keyof Messages & string>(
  messageId: Id,
  at: {
    /** Full path below the normalised pod-spec prefix, see `views/path.ts`. */
    readonly path: string;
    /** One argument per placeholder of the message. Free text of an object goes through `printable` first: a message is one line. */
    readonly data: Readonly<Record<Placeholders<Messages[Id]>, string | number>>;
    /** Value class: only where the same place can hold several violations that are not the same, as the images of a list without a merge key. */
    readonly class?: string;
    /** Shown in the report's row, cut to 64 characters; never for rules about secrets. */
    readonly value?: string;
  },
) => void;

interface RuleMeta<Params, Messages extends Readonly<Record<string, string>>> {
  readonly id: string;
  /** Raised when the same object may get another verdict than before: what the change finds is adopted once. */
  readonly revision: number;
  /** States the good state, at most 60 characters. */
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly kinds: RuleKinds;
  /** Judged on manifests only: on live objects the API server has overwritten the evidence. */
  readonly manifestsOnly?: boolean;
  /** What goes wrong in the world when the rule does not hold. */
  readonly why: string;
  /** What to change, an instruction. */
  readonly fix: string;
  readonly packs: PackMembership;
  /** Rules that may not be enabled together with this one. */
  readonly conflictsWith?: readonly string[];
  /** Identifiers of earlier tools that this rule answers to, with the parameters that make it ask the same. */
  readonly aliases?: readonly { readonly id: string; readonly params?: Readonly<Record<string, unknown>> }[];
  readonly references: readonly string[];
  readonly params: z.ZodType<Params>;
  readonly messages: Messages;
}

/** A rule that needs the object alone; usable at admission. */
export interface ResourceRule<Params, Messages extends Readonly<Record<string, string>>>
  extends RuleMeta<Params, Messages> {
  readonly scope: "resource";
  check(args: {
    readonly resource: ResourceView;
    readonly params: Params;
    readonly context: RuleContext;
    readonly report: Report<Messages>;
  }): void;
  /**
   * A safe repair, asked for on demand and never during a scan, of an object in which the rule found something: the JSON
   * Patch that removes every violation of this rule, in the order in which it is to be applied. It keeps what the object
   * does, or repairs what the API server rejects; a violation that it cannot repair so stays. Pure.
   */
  autofix?(args: {
    readonly resource: ResourceView;
    readonly params: Params;
    readonly context: RuleContext;
  }): readonly PatchOperation[];
}

/** Some namespaces, or all there are. */
export type Namespaces = readonly string[] | "all";

/**
 * A rule that also reads siblings. It works in two steps because objects are not kept: `collect` takes from the object
 * what the verdict will need (undefined: this object can never violate the rule), `check` judges that against the inventory.
 * It is run only while every kind in `reads` is complete; else the rule is silent and shows as unverified, unless it
 * says that it judges what is incomplete.
 */
export interface InventoryRule<Params, Messages extends Readonly<Record<string, string>>, Subject>
  extends RuleMeta<Params, Messages> {
  readonly scope: "inventory";
  /** Kinds whose facts the verdict rests on; `"workloads"` stands for all workload kinds. */
  readonly reads: readonly KindName[];
  collect(args: {
    readonly resource: ResourceView;
    readonly params: Params;
    readonly context: RuleContext;
  }): Subject | undefined;
  /**
   * Namespaces whose facts the verdict rests on, beside those of the subject's own and those without a namespace. A rule
   * that does not say so is not asked again when something changes elsewhere; about an object without a namespace it is
   * asked whatever changes.
   */
  elsewhere?(subject: Subject): Namespaces;
  check(args: {
    readonly id: ResourceId;
    readonly subject: Subject;
    readonly inventory: Inventory;
    readonly params: Params;
    readonly context: RuleContext;
    readonly report: Report<Messages>;
  }): void;
}

// The registry holds rules of every parameter and message type; each was checked where it was defined.
// biome-ignore lint/suspicious/noExplicitAny: variance of the three parameters rules out `unknown` here
export type Rule = ResourceRule<any, any> | InventoryRule<any, any, any>;

/** Checks a rule's types where it is written: unknown message ids and misspelt placeholders do not compile. */
export function defineRule<Params, const Messages extends Readonly<Record<string, string>>>(
  rule: Omit<ResourceRule<Params, Messages>, "scope">,
): ResourceRule<Params, Messages> {
  return { scope: "resource", ...rule };
}

export function defineInventoryRule<Params, const Messages extends Readonly<Record<string, string>>, Subject>(
  rule: Omit<InventoryRule<Params, Messages, Subject>, "scope">,
): InventoryRule<Params, Messages, Subject> {
  return { scope: "inventory", ...rule };
}
