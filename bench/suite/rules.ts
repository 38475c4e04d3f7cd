import { compilePolicy } from "../../src/engine/compile-policy.ts";
import type { CompiledPolicy, CompiledRule } from "../../src/engine/compiled-policy.ts";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import type { Judged } from "../../src/engine/judged.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { newestRelease } from "../../src/engine/release.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { InventoryRuns, ResourceRuns, ruleRun } from "../../src/engine/run-rule.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { atMost, type Bench, type BenchOptions, figure, type Measurement } from "../bench.ts";
import { app, judgedPod, liveObjects, namespaceName, namespaceObjects, read } from "../population/objects.ts";

const defaultObjects = 120_000;
const podsPerNamespace = 500;
const mixedPerNamespace = 100;

/** Every so many namespaces the rules are also timed one by one. */
const singleEvery = 8;

/** Namespaces that only warm the machine up. */
const warmUp = 6;

const context = { namespaceLabels: () => new Map<string, string>() };

/** One rule may find many things wrong and still be cheap; this one reads every string there is. */
const readsEverything = "no-exposed-secret";

/** What judging costs beside parsing the same JSON: 100,000 Pods that are judged themselves and 20,000 objects of other kinds. */
export const rulesBench: Bench = {
  name: "rules",
  summary: "judging 100,000 Pods and 20,000 mixed objects, beside parsing them",
  async run({ objects: wanted = defaultObjects, seed, say }: BenchOptions): Promise<readonly Measurement[]> {
    const recommended = compile("recommended", { packs: ["recommended"] });
    const everything = allRules();
    const single = new SingleRules(everything);
    const parse = new Cost();
    const withRecommended = new Cost();
    const withAll = new Cost();
    const namespaces = Math.ceil(wanted / (podsPerNamespace + mixedPerNamespace));
    let bytes = 0;
    let violations = 0;
    let objects = 0;
    for (let namespace = -warmUp; namespace < namespaces; namespace++) {
      const texts = textsOf(Math.abs(namespace), seed);
      const isMeasured = namespace >= 0;
      parse.add(isMeasured, () => texts.forEach((text) => void JSON.parse(text)));
      const judged = withRecommended.add(isMeasured, () => judge(texts.values().map(parsed), [recommended]));
      withAll.add(isMeasured, () => judge(texts.values().map(parsed), everything));
      if (!isMeasured) continue;
      objects += texts.length;
      bytes += texts.reduce((sum, text) => sum + text.length, 0);
      violations += judged.reduce((sum, one) => sum + countViolations(one, recommended), 0);
      if (namespace % singleEvery === 0) single.measure(texts.map(parsed), namespace / singleEvery);
      if ((namespace + 1) % 50 === 0) say(`${objects} objects`);
    }
    const shares = single.shares();
    const others = shares.filter(({ id }) => id !== readsEverything);
    return [
      figure("objects judged", objects, "objects"),
      figure("JSON per object", bytes / objects, "B"),
      figure("violations, recommended", violations, "violations"),
      figure("rules in recommended", recommended.rules.length, "rules"),
      figure("rules in all", rules.length, "rules"),
      figure("parse, CPU", parse.cpuSeconds, "s"),
      figure("parse, wall", parse.wallSeconds, "s"),
      figure("parse and recommended, CPU", withRecommended.cpuSeconds, "s"),
      figure("parse and recommended, wall", withRecommended.wallSeconds, "s"),
      figure("parse and all rules, CPU", withAll.cpuSeconds, "s"),
      figure("parse and all rules, wall", withAll.wallSeconds, "s"),
      atMost("recommended / parse, CPU", withRecommended.beyond(parse) / parse.cpuSeconds, "×", 1),
      atMost("all rules / parse, CPU", withAll.beyond(parse) / parse.cpuSeconds, "×", 3),
      ...shares
        .slice(0, 8)
        .map(({ id, share, perObject }) =>
          figure(`rule ${id} (${perObject.toFixed(2)} µs an object)`, 100 * share, "%"),
        ),
      atMost(`dearest rule but ${readsEverything}`, 100 * (others[0]?.share ?? 0), "%", 10),
    ];
  },
};

function compile(name: string, selection: object): CompiledPolicy {
  const source = { metadata: { name }, spec: { rules: selection } };
  const compiled = compilePolicy(source, createRegistry(rules), { release: newestRelease });
  if (!compiled.ok) throw new Error(`policy ${name}: ${JSON.stringify(compiled.problems)}`);
  return compiled.policy;
}

/** As few policies as can enable every rule: those that contradict each other stand in different ones. */
function allRules(): readonly CompiledPolicy[] {
  const groups: (typeof rules)[number][][] = [];
  for (const rule of rules) {
    const conflicts = (other: typeof rule) =>
      other.conflictsWith?.includes(rule.id) === true || rule.conflictsWith?.includes(other.id) === true;
    const group = groups.find((members) => !members.some(conflicts));
    if (group === undefined) groups.push([rule]);
    else group.push(rule);
  }
  return groups.map((members, index) => {
    const wanted = new Set(members.map(({ id }) => id));
    const pack = members.flatMap(({ packs }) => Object.keys(packs))[0];
    const disable = rules.filter(({ id }) => !wanted.has(id)).map(({ id }) => id);
    return compile(`all-${index}`, {
      packs: [pack],
      override: members.map(({ id, severity }) => ({ id, severity })),
      disable,
    });
  });
}

/** The objects of one namespace, as an API server sends them. */
function textsOf(number: number, seed: number): readonly string[] {
  const namespace = namespaceName(number);
  const base = number * 10_000;
  const pods = Array.from({ length: podsPerNamespace }, (_, at) => judgedPod(base + at, seed, namespace));
  const mixed = namespaceObjects(namespace).map((one, at) => read(one, base + podsPerNamespace + at));
  for (let at = 0; mixed.length < mixedPerNamespace; at++)
    mixed.push(
      ...liveObjects(app(base + at, seed, namespace), base + podsPerNamespace + mixed.length).filter(
        ({ kind }) => kind !== "Pod",
      ),
    );
  return [...pods, ...mixed.slice(0, mixedPerNamespace)].map((object) => JSON.stringify(object));
}

function parsed(text: string): KubeObject {
  return JSON.parse(text) as KubeObject;
}

/** As the operator does it: each object when it passes by and is dropped, then the rules that need siblings. */
function judge(objects: Iterable<KubeObject>, policies: readonly CompiledPolicy[]): readonly Judged[] {
  const inventory = new InventoryStore();
  const judged: Judged[] = [];
  for (const object of objects) {
    const one = evaluateResource(object, policies, context);
    if (one === undefined) throw new Error(`not judged: ${JSON.stringify(object).slice(0, 200)}`);
    judged.push(one);
    if (one.facts !== undefined) inventory.upsert(one.facts);
  }
  for (const policy of policies) evaluateInventory(policy, judged, inventory, () => true);
  return judged;
}

function countViolations({ verdicts }: Judged, { verdictKey }: CompiledPolicy): number {
  return verdicts.get(verdictKey)?.violations.length ?? 0;
}

/** CPU of all threads of the process, for the collector works for whoever makes the garbage; and wall time. */
class Cost {
  cpuSeconds = 0;
  wallSeconds = 0;

  add<T>(isMeasured: boolean, work: () => T): T {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    if (isMeasured) {
      this.cpuSeconds += (user + system) / 1e6;
      this.wallSeconds += (performance.now() - startedAt) / 1000;
    }
    return result;
  }

  /** CPU seconds that this took more. */
  beyond(other: Cost): number {
    return this.cpuSeconds - other.cpuSeconds;
  }
}

/** The time of each rule by itself, over objects whose views are there already. */
class SingleRules {
  readonly #rules: readonly { readonly policy: CompiledPolicy; readonly compiled: CompiledRule }[];
  readonly #seconds = new Map<string, number>();
  #objects = 0;

  constructor(policies: readonly CompiledPolicy[]) {
    this.#rules = policies.flatMap((policy) => policy.rules.map((compiled) => ({ policy, compiled })));
  }

  /** @param turn lets another rule begin each time, so that none pays always for what views make when they are first asked */
  measure(objects: readonly KubeObject[], turn: number): void {
    const inventory = new InventoryStore();
    for (const one of judge(
      objects,
      this.#rules.map(({ policy }) => policy).filter((policy, at, all) => all.indexOf(policy) === at),
    ))
      if (one.facts !== undefined) inventory.upsert(one.facts);
    const views = objects.flatMap((object) => viewResource(object) ?? []);
    for (let at = 0; at < this.#rules.length; at++) {
      const one = this.#rules[(at + turn) % this.#rules.length];
      if (one === undefined) continue;
      const { policy, compiled } = one;
      const seen = views.filter(
        (view) =>
          policy.rulesFor(view.kindName).includes(compiled) &&
          !(compiled.rule.manifestsOnly && view.live) &&
          !(compiled.rule.kinds === "longRunning" && !view.isLongRunning),
      );
      const runs = compiled.sets.map((set) => ({ set, run: ruleRun(compiled.rule, set, { release: policy.release }) }));
      const onInventory = new InventoryRuns(inventory, { release: policy.release });
      const startedAt = process.threadCpuUsage();
      for (const view of seen)
        for (const { set, run } of runs) {
          const outcome = new ResourceRuns(view).run(run);
          if (!outcome.ok) throw new Error(`${compiled.id} threw on ${view.id.name}: ${outcome.reason}`);
          if (compiled.rule.scope !== "inventory" || outcome.subject === undefined) continue;
          const subject = { id: view.id, subject: outcome.subject, covers: () => true };
          onInventory.run(compiled.rule, set, subject);
        }
      const { user, system } = process.threadCpuUsage(startedAt);
      this.#seconds.set(compiled.id, (this.#seconds.get(compiled.id) ?? 0) + (user + system) / 1e6);
    }
    this.#objects += objects.length;
  }

  /** The dearest first. `perObject`: microseconds over all objects, also those that the rule does not look at. */
  shares(): readonly { readonly id: string; readonly share: number; readonly perObject: number }[] {
    const total = [...this.#seconds.values()].reduce((sum, one) => sum + one, 0);
    return [...this.#seconds]
      .map(([id, seconds]) => ({ id, share: seconds / total, perObject: (seconds * 1e6) / this.#objects }))
      .sort((a, b) => b.share - a.share);
  }
}
