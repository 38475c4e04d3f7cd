import { ApiProxy, type Interference, type Passing } from "../api-proxy.ts";
import { leaseHolder, releaseLease, untilHeldBy } from "../lease.ts";
import type { Bench } from "../operator/bench.ts";
import type { RunningOperator } from "../operator/running-operator.ts";

/** One replica, and all that it asks of the API server. */
export interface Replica {
  readonly operator: RunningOperator;
  readonly proxy: ApiProxy;
}

/** Two replicas of the operator, each behind a proxy of its own, so that what it writes can be held at a point. */
export class Replicas implements AsyncDisposable {
  readonly #bench: Bench;
  readonly #proxies: ApiProxy[] = [];
  #leader: Replica | undefined;
  #standby: Replica | undefined;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async start(): Promise<void> {
    this.#leader = await this.#startOne();
    await this.#leader.operator.leads();
    this.#standby = await this.#startOne();
    await this.#standby.operator.ready();
  }

  get leader(): Replica {
    return running(this.#leader);
  }

  get standby(): Replica {
    return running(this.#standby);
  }

  /**
   * The leader is dead, or lost: waits until the standby leads, and starts another standby.
   * @param lease `released`: by us, so that nobody has to wait until it has run out
   * @returns milliseconds until the standby held the Lease
   */
  async succeed(lease: "released" | "runs out"): Promise<number> {
    const { standby } = this;
    const startedAt = performance.now();
    if (lease === "released") {
      const holder = await leaseHolder(this.#bench);
      if (holder !== standby.operator.name) await releaseLease(this.#bench);
    }
    await untilHeldBy(this.#bench, standby.operator);
    const tookMs = performance.now() - startedAt;
    await standby.operator.leads();
    this.#leader = standby;
    this.#standby = await this.#startOne();
    await this.#standby.operator.ready();
    return tookMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#leader?.operator.kill(), this.#standby?.operator.kill()]);
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }

  async #startOne(): Promise<Replica> {
    const proxy = await ApiProxy.start(this.#bench.plane, `replica-${this.#proxies.length + 1}`);
    this.#proxies.push(proxy);
    const kubeconfig = proxy.kubeconfig(this.#bench.operatorKubeconfig);
    return { operator: await this.#bench.startOperator([`--kubeconfig=${kubeconfig}`]), proxy };
  }
}

function running(replica: Replica | undefined): Replica {
  if (replica === undefined) throw new Error("the replicas were not started");
  return replica;
}

/** A moment in the life of a leader: before or after the API server has taken its nth write of a kind. */
export interface WritePoint {
  readonly write: WriteKind;
  readonly when: "before" | "after";
  readonly nth: number;
}

export type WriteKind = keyof typeof writeKinds;

/** Every kind of write of a leader: how it is recognised, and how many a round of changes brings at least. */
export const writeKinds = {
  "create baselines": { method: "POST", path: /\/baselines$/, most: 1 },
  "update baselines": { method: "PUT", path: /\/baselines\//, most: 2 },
  "create scanreports": { method: "POST", path: /\/scanreports$/, most: 1 },
  "update scanreports": { method: "PUT", path: /\/scanreports\//, most: 1 },
  "delete scanreports": { method: "DELETE", path: /\/scanreports\//, most: 1 },
  "create events": { method: "POST", path: /\/events$/, most: 3 },
  "patch policies/status": { method: "PATCH", path: /\/policies\/[^/]+\/status$/, most: 1 },
  "update leases": { method: "PUT", path: /\/leases\//, most: 1 },
} as const;

/** The requests of a leader that has come to a point: held there until they are let go. */
export interface HeldLeader {
  /** Resolves when the leader has come to the point. */
  readonly reached: Promise<Passing>;
  /** Everything that was held goes on its way, or is lost. */
  letGo(how: "pass" | "lose"): void;
}

/** Holds everything that a leader asks from the moment on at which it comes to the point. */
export function holdAt(proxy: ApiProxy, point: WritePoint): HeldLeader {
  const { method, path } = writeKinds[point.write];
  const reached = Promise.withResolvers<Passing>();
  const gone = Promise.withResolvers<"pass" | "lose">();
  let seen = 0;
  let isHolding = false;
  const hold = async (request: Passing) => {
    isHolding = true;
    reached.resolve(request);
    return await gone.promise;
  };
  const isPoint = (request: Passing) => request.method === method && path.test(pathOf(request)) && ++seen === point.nth;
  const interference: Interference = {
    before: async (request) => {
      if (isHolding) return await gone.promise;
      return point.when === "before" && isPoint(request) ? await hold(request) : "pass";
    },
    after: async (request) => {
      if (!isHolding && point.when === "after" && isPoint(request)) await hold(request);
    },
  };
  proxy.interference = interference;
  return {
    reached: reached.promise,
    letGo(how) {
      proxy.interference = {};
      gone.resolve(how);
    },
  };
}

function pathOf({ path }: Passing): string {
  return path.split("?", 1)[0] ?? "";
}
