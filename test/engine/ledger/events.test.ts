import { describe, expect, test } from "vitest";
import { type EventContext, eventsOf } from "../../../src/engine/ledger/events.ts";
import type { Transition } from "../../../src/engine/ledger/stored.ts";
import { hour, ledgerWith, minute, second, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const context: EventContext = { now: start, namespace: "shop", namespaceTerminating: false };

function change(change: Partial<Transition> = {}): Transition {
  return { id: "v1-1", at: start, ref: web, rule: "limit", path: "a", count: 1, to: "New", reason: "Found", ...change };
}

describe("LEDGER 8 the name of an Event", () => {
  test.each([
    ["web", /^web\.v1-[0-9a-f]{16}$/],
    ["system:node:Proxy", /^system-node-proxy\.v1-/],
    ["build-*", /^build\.v1-/],
    ["a..b-.c", /^a\.b\.c\.v1-/],
    ["***", /^v1-/],
    ["n".repeat(253), new RegExp(`^${"n".repeat(200)}\\.v1-`)],
  ])("of an object %s is one that the API server takes", (name, expected) => {
    const event = eventsOf([change({ ref: `Deployment.apps/${name}` })], context)[0];
    expect(event?.name).toMatch(expected);
    expect(event?.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
  });

  test("is made from the transitions, in any order, and not from the time", () => {
    const [one, two] = [change(), change({ id: "v1-2", path: "b" })];
    const names = [
      eventsOf([one, two], context),
      eventsOf([two, one], context),
      eventsOf(
        [
          { ...one, at: start - second },
          { ...two, at: start - second },
        ],
        context,
      ),
    ].map((events) => events.map(({ name }) => name));
    expect(names[1]).toEqual(names[0]);
    expect(names[2]).toEqual(names[0]);
    expect(eventsOf([one], context)[0]?.name).not.toBe(names[0]?.[0]);
  });

  test("differs by object and by namespace", () => {
    const names = [
      eventsOf([change()], context),
      eventsOf([change({ ref: "Job.batch/web" })], context),
      eventsOf([change()], { ...context, namespace: "other" }),
      eventsOf([change()], { ...context, namespace: undefined }),
    ].map((events) => events[0]?.name);
    expect(new Set(names).size).toBe(4);
  });

  test("is the same for overlapping policies, so that one Event is sent", () => {
    const eventNames = ["production", "security"].map((name) => {
      const ledger = ledgerWith({ [web]: ["tag@t"] }, { name, uid: name });
      const { transitions } = ledger.put(web, ["tag@t", "limit@a"]).evaluate();
      return eventsOf(transitions, { ...context, now: ledger.now }).map((event) => event.name);
    });
    expect(eventNames[0]).toHaveLength(1);
    expect(eventNames[1]).toEqual(eventNames[0]);
  });

  test("is the same after a crash, so that the second attempt finds it sent", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    const { transitions } = ledger.put(web).decide();
    ledger.crash("between-writes").after(second);
    const again = ledger.decide().transitions;
    const names = [transitions, again].map((list) => eventsOf(list, { ...context, now: ledger.now })[0]?.name);
    expect(names[1]).toBe(names[0]);
  });

  test("follows from the stored changes as well", () => {
    const ledger = ledgerWith({});
    const { transitions } = ledger.put(web, ["limit@a", "tag@b"]).evaluate();
    const now = { ...context, now: ledger.now };
    expect(eventsOf(ledger.report?.changes ?? [], now)).toEqual(eventsOf(transitions, now));
  });
});

describe("LEDGER 8 one Event per object and evaluation", () => {
  test("lists the rules, and is a warning if anything is new", () => {
    const events = eventsOf(
      [
        change({ id: "v1-3", to: "Fixed", rule: "tag", path: "i" }),
        change(),
        change({ id: "v1-2", path: "b", count: 2 }),
        change({ id: "v1-4", ref: "Job.batch/etl", to: "Gone", path: "" }),
      ],
      context,
    );
    expect(events).toMatchObject([
      {
        regarding: { name: "etl", kind: "Job.batch" },
        reason: "ViolationFixed",
        type: "Normal",
        note: "Fixed: limit.",
      },
      {
        regarding: { name: "web", kind: "Deployment.apps", ref: web },
        reason: "ViolationFound",
        type: "Warning",
        note: "New: limit at a; limit at b (2 times). Fixed: tag at i.",
      },
    ]);
  });

  test("two evaluations make two", () => {
    expect(eventsOf([change(), change({ id: "v1-2", at: start - minute })], context)).toHaveLength(2);
  });

  test("its note is at most 1 KiB, and says how many it leaves out", () => {
    const many = Array.from({ length: 60 }, (_, at) =>
      change({ id: `v1-${at}`, path: `containers[name=ü${at}].resources` }),
    );
    const note = eventsOf(many, context)[0]?.note ?? "";
    expect(new TextEncoder().encode(note).length).toBeLessThanOrEqual(1024);
    expect(note).toMatch(/\. And \d+ more\.$/);
    const listed = note.split("; ").length;
    expect(note).toContain(`And ${60 - listed} more.`);
  });

  test("also where one path alone is longer", () => {
    const long = [change({ path: "p".repeat(2000) }), change({ id: "v1-2", path: "\u{1f3d7}".repeat(2000) })];
    const note = eventsOf(long, context)[0]?.note ?? "";
    expect(note).toMatch(/^New: limit at p{199}…; limit at /);
    expect(new TextEncoder().encode(note).length).toBeLessThanOrEqual(1024);
  });

  test("what was accepted or moved tells nothing", () => {
    expect(eventsOf([change({ to: "Known", reason: "Moved" })], context)).toEqual([]);
  });
});

describe("LEDGER 8 what is never sent", () => {
  test("transitions older than 45 minutes", () => {
    expect(eventsOf([change({ at: start - 45 * minute })], context)).toHaveLength(1);
    expect(eventsOf([change({ at: start - 45 * minute - second })], context)).toEqual([]);
    expect(eventsOf([change({ at: start - hour })], context)).toEqual([]);
  });

  test("anything in a namespace that is being deleted", () => {
    expect(eventsOf([change()], { ...context, namespaceTerminating: true })).toEqual([]);
  });
});
