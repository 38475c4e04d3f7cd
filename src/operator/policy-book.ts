import { annotations } from "../api/names.ts";
import type { PolicyStatus } from "../api/policy-status.ts";
import {
  type CompileOptions,
  type CompileProblem,
  type CompileResult,
  compilePolicy,
} from "../engine/compile-policy.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import type { Instant } from "../engine/ledger/types.ts";
import type { Registry } from "../engine/registry.ts";
import type { Release } from "../engine/release.ts";

/** A Policy as the API server gave it, as far as the operator reads it. */
export interface PolicyObject {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly createdAt: Instant;
  readonly annotations: Readonly<Record<string, string>>;
  /** As stored: trusted only once it compiled. */
  readonly spec: unknown;
  readonly status: PolicyStatus | undefined;
}

/** One Policy and what is judged by it. */
export interface PolicyEntry {
  readonly object: PolicyObject;
  /** The version that scans judge by: the current spec, else the last good one. Undefined if none ever compiled. */
  readonly inForce: CompiledPolicy | undefined;
  /** Why the current spec does not compile; empty when it does. */
  readonly problems: readonly CompileProblem[];
}

/** What an upsert changed. */
export interface PolicyChange {
  readonly entry: PolicyEntry;
  /** The verdicts of the version in force may differ from before: everything has to be judged again. */
  readonly verdict: boolean;
  /** Something else that ledgers or schedules follow changed: mode, settle, schedule, texts, uid. */
  readonly settings: boolean;
}

/**
 * All Policies, each with the version in force. A spec that does not compile never takes effect: what stood before stands on, also
 * over a restart, because the last good spec is in `status.inForce`.
 */
export class PolicyBook {
  readonly #registry: Registry;
  #options: CompileOptions;
  readonly #entries = new Map<string, PolicyEntry>();
  /** Until one of them changes. */
  #inForce: readonly CompiledPolicy[] | undefined;

  constructor(registry: Registry, options: CompileOptions) {
    this.#registry = registry;
    this.#options = options;
  }

  /** The release that the policies are compiled for. */
  get release(): Release {
    return this.#options.release;
  }

  /** The cluster was upgraded under the policies: compiles all again. */
  recompile(release: Release): readonly PolicyChange[] {
    this.#options = { ...this.#options, release };
    const objects = [...this.#entries.values()].map((entry) => entry.object);
    return objects.map((object) => this.#put(object, true));
  }

  upsert(object: PolicyObject): PolicyChange {
    return this.#put(object, false);
  }

  #put(object: PolicyObject, force: boolean): PolicyChange {
    const before = this.#entries.get(object.name);
    const entry =
      !force && before !== undefined && sameSpec(before.object, object)
        ? { ...before, object }
        : this.#compile(object, before);
    this.#entries.set(object.name, entry);
    if (entry.inForce !== before?.inForce) this.#inForce = undefined;
    return {
      entry,
      verdict: before?.inForce?.verdictKey !== entry.inForce?.verdictKey,
      settings: before?.inForce?.generation !== entry.inForce?.generation || before?.object.uid !== object.uid,
    };
  }

  delete(name: string): PolicyEntry | undefined {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    this.#inForce = undefined;
    return entry;
  }

  get(name: string): PolicyEntry | undefined {
    return this.#entries.get(name);
  }

  /** Sorted by name. */
  entries(): readonly PolicyEntry[] {
    return [...this.#entries.values()].sort((a, b) => (a.object.name < b.object.name ? -1 : 1));
  }

  /** Versions that scans judge by, sorted by name: the same list until one of them is another. */
  inForce(): readonly CompiledPolicy[] {
    this.#inForce ??= this.entries().flatMap(({ inForce }) => (inForce === undefined ? [] : [inForce]));
    return this.#inForce;
  }

  #compile(object: PolicyObject, before: PolicyEntry | undefined): PolicyEntry {
    const current = this.#tryCompile(object, object.generation, object.spec);
    if (current.ok) return { object, inForce: current.policy, problems: [] };
    // A policy of the same name but another uid is another policy: what was in force before says nothing about it.
    const standing = before?.object.uid === object.uid ? before.inForce : undefined;
    return { object, inForce: standing ?? this.#lastGood(object), problems: current.problems };
  }

  #lastGood(object: PolicyObject): CompiledPolicy | undefined {
    const stored = object.status?.inForce;
    if (stored === undefined) return undefined;
    const result = this.#tryCompile(object, stored.generation, stored.spec);
    return result.ok ? result.policy : undefined;
  }

  #tryCompile(object: PolicyObject, generation: number, spec: unknown): CompileResult {
    return compilePolicy(
      { metadata: { name: object.name, uid: object.uid, generation }, spec },
      this.#registry,
      this.#options,
    );
  }
}

/** The scan that the Policy's annotation asks for, unless its status says that it was answered. */
export function openScanRequest(object: PolicyObject): string | undefined {
  const request = object.annotations[annotations.scanRequestedAt];
  return request === undefined || request === object.status?.lastHandledScanRequest ? undefined : request;
}

function sameSpec(a: PolicyObject, b: PolicyObject): boolean {
  return a.uid === b.uid && a.generation === b.generation;
}
