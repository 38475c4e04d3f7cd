import { describe, expect, test } from "vitest";
import { Errands } from "../../src/operator/errands.ts";
import { Relabelled } from "../../src/operator/relabelled.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { ManualClock, settle } from "../kube/manual-clock.ts";

/** Reads of namespaces that last until the test ends them. */
class Cluster {
  readonly clock = new ManualClock();
  readonly reads: string[] = [];
  readonly looked: string[] = [];
  readonly scans: string[] = [];
  readonly warnings: string[] = [];
  readonly relabelled: Relabelled;
  over = false;
  #read = Promise.withResolvers<void>();

  constructor() {
    const logger = createLogger({ level: "warn", destination: { write: (line) => void this.warnings.push(line) } });
    this.relabelled = new Relabelled({
      clock: this.clock,
      logger,
      readNamespace: (namespace) => {
        this.reads.push(namespace);
        this.#read = Promise.withResolvers();
        return this.#read.promise;
      },
      onRead: (ledgers) => {
        this.looked.push(...ledgers);
        return Promise.resolve();
      },
      onScanWanted: (policies) => this.scans.push(...policies),
      errands: new Errands(logger, () => this.over),
      isOver: () => this.over,
    });
  }

  async endRead(): Promise<void> {
    this.#read.resolve();
    await settle();
  }

  async failRead(): Promise<void> {
    this.#read.reject(new Error("refused"));
    await settle();
  }
}

describe("namespaces that were relabelled", () => {
  test("rest from the change of their labels until they were read, then are looked at", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    cluster.relabelled.add("b", "shop");
    expect(cluster.relabelled.isUnread("a/shop")).toBe(true);
    expect(cluster.relabelled.isUnread("a/other")).toBe(false);

    await cluster.clock.turn(300);
    expect(cluster.reads).toEqual(["shop"]);
    expect(cluster.relabelled.isUnread("a/shop")).toBe(true);
    await cluster.endRead();

    expect(cluster.relabelled.isUnread("a/shop")).toBe(false);
    expect(cluster.looked).toEqual(["a/shop", "b/shop"]);
  });

  test("rest on where the labels changed once more during the read", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    await cluster.clock.turn(300);
    cluster.relabelled.add("a", "shop");
    await cluster.endRead();
    expect(cluster.relabelled.isUnread("a/shop")).toBe(true);

    await cluster.clock.turn(300);
    await cluster.endRead();
    expect(cluster.reads).toEqual(["shop", "shop"]);
    expect(cluster.relabelled.isUnread("a/shop")).toBe(false);
  });

  test("are read by a full scan of their policy that begins after the change", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    cluster.relabelled.add("b", "shop");
    const read = cluster.relabelled.beginRead(new Set(["a"]));
    cluster.relabelled.add("a", "late");
    read();

    expect(["a/shop", "b/shop", "a/late"].filter((key) => cluster.relabelled.isUnread(key))).toEqual([
      "b/shop",
      "a/late",
    ]);
  });

  test("are left to one full scan where more than 20 come at once", async () => {
    const cluster = new Cluster();
    for (let index = 0; index <= 20; index++)
      for (const policy of ["b", "a"]) cluster.relabelled.add(policy, `shop-${index}`);
    await cluster.clock.turn(300);

    expect(cluster.reads).toEqual([]);
    expect(cluster.scans).toEqual(["a", "b"]);
    expect(cluster.relabelled.isUnread("a/shop-7")).toBe(true);
    cluster.relabelled.beginRead(new Set(["a", "b"]))();
    expect(cluster.relabelled.isUnread("a/shop-7")).toBe(false);
  });

  test("are left to a full scan where they cannot be read, and the log says so", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    await cluster.clock.turn(300);
    await cluster.failRead();

    expect(cluster.scans).toEqual(["a"]);
    expect(cluster.relabelled.isUnread("a/shop")).toBe(true);
    expect(cluster.warnings).toHaveLength(1);
  });

  test("are nobody's business once leadership is over", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    await cluster.clock.turn(300);
    cluster.over = true;
    await cluster.failRead();

    expect(cluster.scans).toEqual([]);
    expect(cluster.warnings).toEqual([]);
  });

  test("are forgotten with their namespace", async () => {
    const cluster = new Cluster();
    cluster.relabelled.add("a", "shop");
    cluster.relabelled.forget("shop");
    await cluster.clock.turn(300);

    expect(cluster.relabelled.isUnread("a/shop")).toBe(false);
    expect(cluster.reads).toEqual([]);
  });
});
