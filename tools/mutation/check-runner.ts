import { spawn } from "node:child_process";
import { basename, join, relative } from "node:path";
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
import type * as Checks from "./checks.ts";

/** What instrumented code reads and writes. */
interface MutationState {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/**
 * Runs the fixtures of the rules and the unit tests of the views in this process: a mutant costs milliseconds. One that
 * is in force only while its module loads gets a rule loaded anew, or, outside of the rules, a process of its own. The
 * working directory is Stryker's copy of the tree.
 */
export class CheckRunner implements TestRunner {
  readonly #root = process.cwd();
  #checks: ReadonlyMap<string, Checks.Check> = new Map();
  /** Files whose own unit tests can be shown a module that was loaded anew: without a mutant they hold. */
  readonly #renewable = new Map<string, Promise<boolean>>();
  #hasRunAll = false;
  #ruleChecks: typeof Checks.ruleChecks = notReady;
  #renewedUnitTests: typeof Checks.renewedUnitTests = notReady;

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const { everyCheck, ruleChecks, renewedUnitTests } = (await this.#import(
      "tools/mutation/checks.ts",
    )) as typeof Checks;
    this.#ruleChecks = ruleChecks;
    this.#renewedUnitTests = renewedUnitTests;
    this.#checks = new Map((await everyCheck()).map((check) => [check.id, check]));
  }

  dryRun(): Promise<DryRunResult> {
    this.#hasRunAll = true;
    const state = mutationState();
    const tests: TestResult[] = [];
    for (const check of this.#checks.values()) {
      const { id } = check;
      state.currentTestId = id;
      const started = performance.now();
      const held = holds(check);
      const timeSpentMs = performance.now() - started;
      if (held) tests.push({ id, name: id, timeSpentMs, status: TestStatus.Success });
      else tests.push({ id, name: id, timeSpentMs, status: TestStatus.Failed, failureMessage: "does not hold" });
    }
    state.currentTestId = undefined;
    const mutantCoverage: MutantCoverage = state.mutantCoverage ?? { static: {}, perTest: {} };
    return Promise.resolve({ status: DryRunStatus.Complete, tests, mutantCoverage });
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, sandboxFileName, testFilter } = options;
    const file = relative(this.#root, sandboxFileName);
    const state = mutationState();
    if (!this.#hasRunAll) this.#runAll();
    state.hitCount = hitLimit === undefined ? undefined : 0;
    state.hitLimit = hitLimit;
    state.activeMutant = activeMutant.id;
    try {
      const isRule = file.startsWith("src/rules/");
      if (mutantActivation !== "static") {
        const here = verdict(this.#filtered(testFilter));
        const isSurvivor = here.status === MutantRunStatus.Survived;
        return (isSurvivor && !isRule ? await this.#seenAnew(file, activeMutant.id) : undefined) ?? here;
      }
      if (!isRule)
        return (await this.#seenAnew(file, activeMutant.id)) ?? (await this.#elsewhere(file, activeMutant.id));
      const renewed = await this.#renewedRule(file, activeMutant.id);
      if (renewed === "does not load") return killed("loading", 0);
      // By the name of the file: what the mutant says that the rule is called is no matter.
      return verdict(this.#ruleChecks(renewed, basename(file, ".ts")));
    } finally {
      state.activeMutant = undefined;
      state.hitLimit = undefined;
    }
  }

  #filtered(ids: readonly string[] | undefined): readonly Checks.Check[] {
    if (ids === undefined) return [...this.#checks.values()];
    return ids.flatMap((id) => this.#checks.get(id) ?? []);
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

  /**
   * Without a mutant, once in each process: what functions remember of each text is then right, and no mutant is taken
   * for killed because of what another one left behind.
   */
  #runAll(): void {
    this.#hasRunAll = true;
    for (const check of this.#checks.values()) holds(check);
  }

  /** Whether the unit tests of the module itself see the mutant once it is loaded anew and so remembers nothing. */
  async #seenAnew(file: string, mutant: string): Promise<MutantRunResult | undefined> {
    const state = mutationState();
    state.activeMutant = undefined;
    if (!this.#renewable.has(file)) this.#renewable.set(file, this.#holdsRenewed(file, "unchanged"));
    const isRenewable = await this.#renewable.get(file);
    state.activeMutant = mutant;
    if (isRenewable && !(await this.#holdsRenewed(file, mutant))) return killed(`unit tests of ${file}`, 1);
    return undefined;
  }

  async #holdsRenewed(file: string, name: string): Promise<boolean> {
    try {
      return (await this.#renewedUnitTests({ file, name })).every(holds);
    } catch {
      // A mutant that keeps its module from loading is seen by whoever imports it.
      return false;
    }
  }

  /**
   * What every check that loads the module finds in a process that does so under the mutant, which it takes from the
   * environment. One that never ends is ended by the time that it computes, however busy the machine.
   */
  async #elsewhere(file: string, mutant: string): Promise<MutantRunResult> {
    const program = [process.execPath, join(this.#root, everyCheckProgram), file];
    const child = spawn("/bin/sh", ["-c", `ulimit -t ${programSeconds}; exec "$@"`, "sh", ...program], {
      cwd: this.#root,
      env: {
        ...process.env,
        __STRYKER_ACTIVE_MUTANT__: mutant,
        NODE_COMPILE_CACHE: join(this.#root, "node-compile-cache"),
      },
      stdio: "ignore",
    });
    const code = await new Promise<number | null>((settle, reject) => {
      child.once("error", reject);
      child.once("close", settle);
    });
    return code === 0
      ? { status: MutantRunStatus.Survived, nrOfTests: this.#checks.size }
      : killed(everyCheckProgram, this.#checks.size);
  }

  #import(file: string, query = ""): Promise<unknown> {
    return import(`${pathToFileURL(join(this.#root, file)).href}${query}`) as Promise<unknown>;
  }
}

function notReady(): never {
  throw new Error("init was not called");
}

const everyCheckProgram = "tools/mutation/every-check.ts";
const programSeconds = 60;

function verdict(checks: readonly Checks.Check[]): MutantRunResult {
  for (const [before, check] of checks.entries()) if (!holds(check)) return killed(check.id, before + 1);
  return { status: MutantRunStatus.Survived, nrOfTests: checks.length };
}

function holds(check: Checks.Check): boolean {
  try {
    return check.holds();
  } catch {
    // A unit test throws where it fails, and a mutant that makes the engine itself throw is seen.
    return false;
  }
}

function killed(by: string, nrOfTests: number): MutantRunResult {
  return { status: MutantRunStatus.Killed, killedBy: [by], failureMessage: "does not hold", nrOfTests };
}

function mutationState(): MutationState {
  const holder = globalThis as { __stryker__?: MutationState };
  holder.__stryker__ ??= {};
  return holder.__stryker__;
}
