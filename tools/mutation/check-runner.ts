import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { MutantCoverage } from "@stryker-mutator/api/core";
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from "@stryker-mutator/api/test-runner";
import type { Rule } from "../../src/engine/rule.ts";
import type { Fixture } from "../rule-fixtures.ts";
import type * as FixtureChecks from "./fixture-checks.ts";

/** What instrumented code reads and writes. */
interface MutationState {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

interface FixtureTest {
  readonly id: string;
  readonly rule: Rule;
  readonly fixture: Fixture;
}

/**
 * Runs the fixtures of the rules in this process, one test a fixture: a mutant costs milliseconds. A mutant of the engine
 * that no fixture kills is shown to the unit test of its file, and one that is in force only while its module loads to
 * a process of its own. The working directory is Stryker's copy of the tree.
 */
export class FixtureRunner implements TestRunner {
  readonly #root = process.cwd();
  #tests: ReadonlyMap<string, FixtureTest> = new Map();
  #holds: typeof FixtureChecks.holds = () => {
    throw new Error("init was not called");
  };

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const { rules } = (await this.#import("src/rules/index.generated.ts")) as { rules: readonly Rule[] };
    const { readFixtures } = (await this.#import("tools/rule-fixtures.ts")) as {
      readFixtures(id: string): readonly Fixture[];
    };
    const { holds, bareFixture } = (await this.#import("tools/mutation/fixture-checks.ts")) as typeof FixtureChecks;
    this.#holds = holds;
    const tests = rules.flatMap((rule) =>
      [...readFixtures(rule.id), bareFixture(rule)].map((fixture) => ({
        id: `${rule.id}/${fixture.name}`,
        rule,
        fixture,
      })),
    );
    this.#tests = new Map(tests.map((test) => [test.id, test]));
  }

  dryRun(): Promise<DryRunResult> {
    const state = mutationState();
    const tests: TestResult[] = [];
    for (const { id, rule, fixture } of this.#tests.values()) {
      state.currentTestId = id;
      const started = performance.now();
      const held = this.#holds(rule, fixture);
      const timeSpentMs = performance.now() - started;
      if (held) tests.push({ id, name: id, timeSpentMs, status: TestStatus.Success });
      else tests.push({ id, name: id, timeSpentMs, status: TestStatus.Failed, failureMessage: "does not hold" });
    }
    state.currentTestId = undefined;
    const mutantCoverage: MutantCoverage = state.mutantCoverage ?? { static: {}, perTest: {} };
    for (const { id, mutants } of this.#unitTests()) {
      tests.push({ id, name: id, timeSpentMs: 1_000, status: TestStatus.Success });
      mutantCoverage.perTest[id] = Object.fromEntries(mutants.map((mutant) => [mutant, 1]));
    }
    return Promise.resolve({ status: DryRunStatus.Complete, tests, mutantCoverage });
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, sandboxFileName, testFilter } = options;
    const file = relative(this.#root, sandboxFileName);
    const state = mutationState();
    state.hitCount = hitLimit === undefined ? undefined : 0;
    state.hitLimit = hitLimit;
    state.activeMutant = activeMutant.id;
    try {
      const isStatic = mutantActivation === "static";
      if (isStatic && !file.startsWith("src/rules/")) return await this.#elsewhere(file, activeMutant.id, 0, isStatic);
      const renewed = isStatic ? await this.#renewedRule(file, activeMutant.id) : undefined;
      if (renewed === "does not load") return killed("loading", 0);
      const asked = renewed === undefined ? this.#filtered(testFilter) : this.#testsOf(file, renewed);
      let nrOfTests = 0;
      for (const { id, rule, fixture } of asked) {
        nrOfTests++;
        if (!this.#heldUnderMutation(rule, fixture)) return killed(id, nrOfTests);
      }
      return await this.#elsewhere(file, activeMutant.id, nrOfTests, false);
    } finally {
      state.activeMutant = undefined;
      state.hitLimit = undefined;
    }
  }

  #heldUnderMutation(rule: Rule, fixture: Fixture): boolean {
    try {
      return this.#holds(rule, fixture);
    } catch {
      // A mutant that makes the engine itself throw is seen.
      return false;
    }
  }

  #filtered(ids: readonly string[] | undefined): readonly FixtureTest[] {
    if (ids === undefined) return [...this.#tests.values()];
    return ids.flatMap((id) => this.#tests.get(id) ?? []);
  }

  /** By the name of the file: what the mutant says that the rule is called is no matter. */
  #testsOf(file: string, rule: Rule): readonly FixtureTest[] {
    return [...this.#tests.values()]
      .filter((test) => test.rule.id === basename(file, ".ts"))
      .map((test) => ({ ...test, rule }));
  }

  /** A rule's module loaded again while its mutant is active. */
  async #renewedRule(file: string, mutant: string): Promise<Rule | "does not load"> {
    try {
      const module = (await this.#import(file, `?mutant=${mutant}`)) as { rule: Rule };
      return module.rule;
    } catch {
      // A mutant that keeps its module from loading is seen by whoever imports it.
      return "does not load";
    }
  }

  /** What processes of their own find: the unit test of the file, and all fixtures where they were not run here. */
  async #elsewhere(file: string, mutant: string, before: number, withFixtures: boolean): Promise<MutantRunResult> {
    const unitTest = unitTestOf(file);
    const hasUnitTest = unitTest !== undefined && existsSync(join(this.#root, unitTest));
    const nrOfTests = before + (hasUnitTest ? 1 : 0);
    if (hasUnitTest && (await this.#fails(vitest, ["run", "--project=unit", "--bail=1", unitTest], mutant)))
      return killed(unitTest, nrOfTests);
    if (withFixtures && (await this.#fails(allFixtures, [], mutant))) return killed(allFixtures, nrOfTests);
    return { status: MutantRunStatus.Survived, nrOfTests };
  }

  /** Whether a program of the tree fails under the mutant, which it takes from the environment. */
  #fails(program: string, args: readonly string[], mutant: string): Promise<boolean> {
    const child = spawn(process.execPath, [resolve(this.#root, program), ...args], {
      cwd: this.#root,
      env: { ...process.env, __STRYKER_ACTIVE_MUTANT__: mutant },
      stdio: "ignore",
      timeout: programTimeoutMs,
    });
    return new Promise((settle, reject) => {
      child.once("error", reject);
      child.once("close", (code) => settle(code !== 0));
    });
  }

  /** The unit tests of mutated files of the engine, each with the mutants that it may kill: all of its file. */
  #unitTests(): readonly { readonly id: string; readonly mutants: readonly string[] }[] {
    return globSync("src/engine/**/*.ts", { cwd: this.#root }).flatMap((file) => {
      const id = unitTestOf(file);
      if (id === undefined || !existsSync(join(this.#root, id))) return [];
      const source = readFileSync(join(this.#root, file), "utf8");
      const mutants = [...source.matchAll(/\bstryMutAct_\w+\("(\d+)"\)/g)].map(([, mutant = ""]) => mutant);
      return mutants.length === 0 ? [] : [{ id, mutants }];
    });
  }

  #import(file: string, query = ""): Promise<unknown> {
    return import(`${pathToFileURL(join(this.#root, file)).href}${query}`) as Promise<unknown>;
  }
}

const vitest = "node_modules/vitest/vitest.mjs";
const allFixtures = "tools/mutation/all-fixtures.ts";
const programTimeoutMs = 60_000;

/** `test/engine/views/path.test.ts`; undefined for what is not of the engine. */
function unitTestOf(file: string): string | undefined {
  return file.startsWith("src/engine/") ? file.replace(/^src\/(.*)\.ts$/, "test/$1.test.ts") : undefined;
}

function killed(by: string, nrOfTests: number): MutantRunResult {
  return { status: MutantRunStatus.Killed, killedBy: [by], failureMessage: "does not hold", nrOfTests };
}

function mutationState(): MutationState {
  const holder = globalThis as { __stryker__?: MutationState };
  holder.__stryker__ ??= {};
  return holder.__stryker__;
}
