import { ApiStatusError } from "../../../tools/control-plane/index.ts";
import { waitFor } from "../cluster.ts";
import { type Bench, collectionOf, pathOf } from "../operator/bench.ts";
import type { Manifest } from "../operator/objects.ts";
import type { Random } from "../seeded.ts";
import { anyObject, anyPolicy, inScope, pick, policyNames } from "./world.ts";

export interface ChangeStreamOptions {
  readonly bench: Bench;
  readonly random: Random;
  /** Ends the operator and starts another one; resolves when that leads. */
  readonly restart: (how: "SIGTERM" | "SIGKILL") => Promise<void>;
  /** Default: all of them. */
  readonly kinds?: readonly ChangeKind[] | undefined;
}

const namespaceNames = [
  "differential-a",
  "differential-b",
  "differential-c",
  "differential-d",
  "differential-e",
] as const;

/** How often what is done, in 1,000 changes. */
const shares = {
  put: 600,
  delete: 240,
  own: 80,
  disown: 20,
  relabel: 20,
  "name team": 40,
  edit: 20,
  "end namespace": 8,
  restart: 6,
  kill: 6,
} as const;

export type ChangeKind = keyof typeof shares;

/** Kinds of which an existing object takes no other spec: it is replaced, as `kubectl replace --force` does. */
const immutableKinds: ReadonlySet<string> = new Set(["Pod", "Job"]);

/**
 * Changes to a cluster in a random order that the seed decides: creates, updates, deletes, owner changes, policy edits, relabelled
 * and ended namespaces, and restarts of the operator. What is there, it remembers itself, as far as the changes are its own.
 */
export class ChangeStream {
  readonly #options: ChangeStreamOptions;
  readonly #objects = new Map<string, Manifest>();
  readonly #namespaces = new Map<string, "yes" | "no">();
  /** How often what was done. */
  readonly counts = new Map<ChangeKind, number>();
  #edited = new Set<string>();
  /** What was done last, newest last. */
  readonly recent: string[] = [];

  constructor(options: ChangeStreamOptions) {
    this.#options = options;
  }

  /** Namespaces with something in them, and the policies. */
  async begin(): Promise<void> {
    const { bench, random } = this.#options;
    for (const name of namespaceNames.slice(0, 3)) await this.#createNamespace(name);
    for (let objects = 0; objects < 40; objects++) await this.#put();
    for (const name of policyNames) await bench.apply(anyPolicy(random, name));
  }

  /** Number of changes so far. */
  get done(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Policies that were edited since it was last asked. */
  takeEdited(): ReadonlySet<string> {
    const edited = this.#edited;
    this.#edited = new Set();
    return edited;
  }

  async next(): Promise<void> {
    const change = this.#choose();
    this.counts.set(change, (this.counts.get(change) ?? 0) + 1);
    await this.#do(change);
  }

  #choose(): ChangeKind {
    const { random, kinds } = this.#options;
    const possible = (Object.entries(shares) as [ChangeKind, number][]).filter(
      ([kind]) => kinds?.includes(kind) ?? true,
    );
    let place = random(possible.reduce((sum, [, share]) => sum + share, 0));
    for (const [kind, share] of possible) {
      if (place < share) return kind;
      place -= share;
    }
    throw new TypeError("there is nothing to do");
  }

  async #do(change: ChangeKind): Promise<void> {
    const { bench, random, restart } = this.#options;
    switch (change) {
      case "put":
        return await this.#put();
      case "delete":
        return await this.#delete();
      case "own":
        return await this.#own();
      case "disown":
        return await this.#disown();
      case "relabel":
        return await this.#relabel();
      case "name team":
        return await this.#nameTeam();
      case "edit": {
        const name = pick(random, policyNames);
        this.#note(`edit Policy ${name}`);
        this.#edited.add(name);
        await bench.apply(anyPolicy(random, name));
        return;
      }
      case "end namespace":
        return await this.#endNamespace();
      case "restart":
        this.#note("restart the operator");
        return await restart("SIGTERM");
      case "kill":
        this.#note("kill the operator");
        return await restart("SIGKILL");
    }
  }

  #note(what: string): void {
    this.recent.push(what);
    if (this.recent.length > 60) this.recent.shift();
  }

  async #put(): Promise<void> {
    const { bench, random } = this.#options;
    const object = anyObject(random, pick(random, [...this.#namespaces.keys()]));
    const path = pathOf(object);
    if (immutableKinds.has(object.kind) && this.#objects.has(path)) {
      this.#note(`replace ${path}`);
      await this.#remove(path);
    } else this.#note(`apply ${path}`);
    const { generateName } = object.metadata;
    // A name of one's own beside generateName is only taken by a plain create.
    if (generateName === undefined) await this.#tolerating([409], () => bench.apply(object));
    else await this.#tolerating([409], () => bench.request("POST", collectionOf(object), object));
    this.#objects.set(path, object);
  }

  async #delete(): Promise<void> {
    const path = this.#any();
    if (path === undefined) return;
    this.#note(`delete ${path}`);
    await this.#remove(path);
  }

  async #remove(path: string): Promise<void> {
    const { bench } = this.#options;
    this.#objects.delete(path);
    // At once: there is no kubelet to end a Pod in time.
    await this.#tolerating([404], () =>
      bench.request("DELETE", `${path}?propagationPolicy=Background&gracePeriodSeconds=0`),
    );
  }

  /**
   * A Pod comes to belong to a Deployment, or a Job to a CronJob: somebody else answers for it from then on. Or a StatefulSet, which goes on
   * answering for itself, but has the owner and the source of its controller.
   */
  async #own(): Promise<void> {
    const { bench, random } = this.#options;
    const [kind, ownerKind] = pick(random, [
      ["Pod", "Deployment"],
      ["Job", "CronJob"],
      ["StatefulSet", "Deployment"],
    ] as const);
    const owned = this.#any((object) => object.kind === kind);
    const namespace = owned === undefined ? undefined : this.#objects.get(owned)?.metadata.namespace;
    const owner = this.#any((object) => object.kind === ownerKind && object.metadata.namespace === namespace);
    if (owned === undefined || owner === undefined) return;
    const live = await bench.find<Manifest & { readonly metadata: { readonly name: string; readonly uid: string } }>(
      owner,
    );
    if (live === undefined) return;
    const { apiVersion, metadata } = live;
    const reference = { apiVersion, kind: ownerKind, name: metadata.name, uid: metadata.uid, controller: true };
    this.#note(`${owned} now belongs to ${owner}`);
    await this.#refer(owned, [reference]);
  }

  async #disown(): Promise<void> {
    const owned = this.#any(({ kind }) => ["Pod", "Job", "StatefulSet"].includes(kind));
    if (owned === undefined) return;
    this.#note(`${owned} belongs to nobody`);
    await this.#refer(owned, []);
  }

  async #refer(path: string, ownerReferences: readonly object[]): Promise<void> {
    const patch = { metadata: { ownerReferences } };
    const options = { contentType: "application/merge-patch+json" };
    // With its owner it may have gone, too.
    await this.#tolerating([404], () => this.#options.bench.request("PATCH", path, patch, options));
  }

  async #relabel(): Promise<void> {
    const { random } = this.#options;
    const name = pick(random, [...this.#namespaces.keys()]);
    const to = this.#namespaces.get(name) === "yes" ? "no" : "yes";
    this.#note(`label namespace ${name}: ${to}`);
    this.#namespaces.set(name, to);
    await this.#label(name, Object.fromEntries(Object.keys(inScope).map((label) => [label, to])));
  }

  async #nameTeam(): Promise<void> {
    const { random } = this.#options;
    const name = pick(random, [...this.#namespaces.keys()]);
    const team = pick(random, ["payments", "platform", null]);
    this.#note(`namespace ${name} belongs to ${team ?? "nobody"}`);
    await this.#label(name, { team });
  }

  async #label(namespace: string, labels: Readonly<Record<string, string | null>>): Promise<void> {
    const options = { contentType: "application/merge-patch+json" };
    await this.#options.bench.request("PATCH", `/api/v1/namespaces/${namespace}`, { metadata: { labels } }, options);
  }

  /** One namespace ends, and one comes. */
  async #endNamespace(): Promise<void> {
    const { bench, random } = this.#options;
    const ending = pick(random, [...this.#namespaces.keys()]);
    const coming = pick(
      random,
      namespaceNames.filter((name) => name === ending || !this.#namespaces.has(name)),
    );
    this.#note(`end namespace ${ending}, begin ${coming}`);
    this.#namespaces.delete(ending);
    for (const [path, { metadata }] of this.#objects) if (metadata.namespace === ending) this.#objects.delete(path);
    await bench.deleteNamespace(ending);
    await this.#createNamespace(coming);
  }

  async #createNamespace(name: string): Promise<void> {
    const { bench } = this.#options;
    await bench.createNamespace(name, inScope);
    await waitFor(() => bench.find(`/api/v1/namespaces/${name}/serviceaccounts/default`), {
      describe: `the service account of Pods in namespace ${name}`,
    });
    this.#namespaces.set(name, "yes");
  }

  /** Path of one of the objects that were put; undefined where there is none such. */
  #any(wanted: (object: Manifest) => boolean = () => true): string | undefined {
    const paths = [...this.#objects].flatMap(([path, object]) => (wanted(object) ? [path] : []));
    return paths.length === 0 ? undefined : pick(this.#options.random, paths);
  }

  /** What the controllers have done meanwhile is no failure. */
  async #tolerating(statuses: readonly number[], change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof ApiStatusError && statuses.includes(error.status))) throw error;
    }
  }
}
