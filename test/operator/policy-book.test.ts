import { describe, expect, test } from "vitest";
import { openScanRequest, PolicyBook, type PolicyObject } from "../../src/operator/policy-book.ts";
import { registry, release } from "../engine/samples.ts";
import { policyObject } from "./policy-object.ts";

const options = { release };

const policy = (spec: unknown, rest: Partial<PolicyObject> = {}) => policyObject({ spec, ...rest });

const good = { rules: { packs: ["recommended"] } };
const stricter = { rules: { packs: ["recommended", "strict"] } };
const bad = { rules: { packs: ["no-such-pack"] } };

/** Specs in force by policy, as the packs they enable. */
function packsInForce(book: PolicyBook): readonly (readonly string[])[] {
  return book.inForce().map(({ spec }) => spec.rules.packs);
}

describe("the book of policies", () => {
  test("puts a spec that compiles in force", () => {
    const book = new PolicyBook(registry, options);
    const { entry, verdict } = book.upsert(policy(good));
    expect(entry.problems).toEqual([]);
    expect(packsInForce(book)).toEqual([["recommended"]]);
    expect(verdict).toBe(true);
  });

  test("says by field why a spec does not compile, and judges nothing by it", () => {
    const book = new PolicyBook(registry, options);
    const { entry } = book.upsert(policy(bad));
    expect(entry.problems).toMatchObject([{ field: "spec.rules.packs[0]", reason: "UnknownPack" }]);
    expect(book.inForce()).toEqual([]);
  });

  test("leaves the last good spec in force when a later one is bad", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(good));
    const { entry, verdict, settings } = book.upsert(policy(bad, { generation: 2 }));
    expect(entry.problems).toHaveLength(1);
    expect(entry.inForce?.generation).toBe(1);
    expect({ verdict, settings }).toEqual({ verdict: false, settings: false });
  });

  test("takes the last good spec from status.inForce after a restart", () => {
    const book = new PolicyBook(registry, options);
    const { entry } = book.upsert(
      policy(bad, { generation: 2, status: { inForce: { generation: 1, spec: stricter } } }),
    );
    expect(entry.problems).toHaveLength(1);
    expect(entry.inForce).toMatchObject({ generation: 1, spec: stricter });
  });

  test("judges by nothing if what status.inForce holds does not compile either", () => {
    const book = new PolicyBook(registry, options);
    const { entry } = book.upsert(policy(bad, { status: { inForce: { generation: 1, spec: bad } } }));
    expect(entry.inForce).toBeUndefined();
  });

  test("prefers the current spec to the one in status.inForce", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(stricter, { generation: 2, status: { inForce: { generation: 1, spec: good } } }));
    expect(packsInForce(book)).toEqual([["recommended", "strict"]]);
  });

  test("lets a good spec take over from the one before it", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(bad, { status: { inForce: { generation: 1, spec: good } } }));
    const { entry } = book.upsert(policy(stricter, { generation: 2 }));
    expect(entry).toMatchObject({ problems: [], inForce: { generation: 2 } });
  });

  test("owes nothing to a deleted policy of the same name", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(good));
    const { entry } = book.upsert(policy(bad, { uid: "uid-2" }));
    expect(entry.inForce).toBeUndefined();
  });

  test("forgets a policy that is deleted", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(good));
    book.delete("production");
    expect(book.get("production")).toBeUndefined();
    expect(book.inForce()).toEqual([]);
  });

  test("lists policies by name", () => {
    const book = new PolicyBook(registry, options);
    for (const name of ["b", "c", "a"]) book.upsert(policy(good, { name }));
    expect(book.inForce().map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});

describe("an upsert says what it changes", () => {
  const changes = (first: PolicyObject, second: PolicyObject) => {
    const book = new PolicyBook(registry, options);
    book.upsert(first);
    const { verdict, settings } = book.upsert(second);
    return { verdict, settings };
  };

  test.each<[string, PolicyObject, { verdict: boolean; settings: boolean }]>([
    ["our own status", policy(good, { resourceVersion: "2" }), { verdict: false, settings: false }],
    [
      "an annotation",
      policy(good, { annotations: { "pawl.dev/scan-requested-at": "now" } }),
      { verdict: false, settings: false },
    ],
    ["the rules", policy(stricter, { generation: 2 }), { verdict: true, settings: true }],
    [
      "the schedule",
      policy({ ...good, scan: { schedule: "@daily" } }, { generation: 2 }),
      { verdict: false, settings: true },
    ],
    ["delete and apply", policy(good, { uid: "uid-2" }), { verdict: false, settings: true }],
  ])("by %s", (_what, second, expected) => {
    expect(changes(policy(good), second)).toEqual(expected);
  });

  test("an object that only its status changed is not compiled anew", () => {
    const book = new PolicyBook(registry, options);
    const before = book.upsert(policy(good)).entry.inForce;
    expect(book.upsert(policy(good, { resourceVersion: "2" })).entry.inForce).toBe(before);
  });
});

describe("a cluster of another release", () => {
  test("is judged by policies compiled for it", () => {
    const book = new PolicyBook(registry, options);
    book.upsert(policy(good));
    const [change] = book.recompile({ major: 1, minor: 37 });
    expect(change?.verdict).toBe(true);
    expect(book.inForce()[0]?.release).toEqual({ major: 1, minor: 37 });
  });
});

describe("a scan on demand", () => {
  const asking = (request: string | undefined, handled: string | undefined) =>
    openScanRequest(
      policy(good, {
        annotations: request === undefined ? {} : { "pawl.dev/scan-requested-at": request },
        status: handled === undefined ? undefined : { lastHandledScanRequest: handled },
      }),
    );

  test("is open until the status answers with its value", () => {
    expect(asking("monday", undefined)).toBe("monday");
    expect(asking("monday", "monday")).toBeUndefined();
  });

  test("is asked for again by any other value, later or not", () => {
    expect(asking("sunday", "monday")).toBe("sunday");
  });

  test("is not asked for by taking the annotation away", () => {
    expect(asking(undefined, "monday")).toBeUndefined();
  });
});
