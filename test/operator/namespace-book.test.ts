import { describe, expect, test } from "vitest";
import { NamespaceBook } from "../../src/operator/namespace-book.ts";

function namespace(name: string, metadata: Readonly<Record<string, unknown>> = {}) {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, uid: `uid of ${name}`, creationTimestamp: "2026-11-21T07:25:00Z", ...metadata },
  };
}

describe("the book of namespaces", () => {
  test("tells what a namespace was before, so that a change of its labels can be seen", () => {
    const book = new NamespaceBook();
    const first = book.upsert(namespace("shop"));
    const second = book.upsert(namespace("shop", { labels: { env: "prod" } }));
    expect(first.before).toBeUndefined();
    expect(second.before?.labels.get("env")).toBeUndefined();
    expect(second.after.labels.get("env")).toBe("prod");
    expect(book.labels("shop")?.get("env")).toBe("prod");
  });

  test("takes one of the same name with another uid for a new one", () => {
    const book = new NamespaceBook();
    book.upsert(namespace("shop", { labels: { env: "prod" } }));
    expect(book.upsert(namespace("shop", { uid: "another" })).before).toBeUndefined();
  });

  test("knows when a namespace was created", () => {
    const book = new NamespaceBook();
    expect(book.upsert(namespace("shop")).after.createdAt).toBe(Date.UTC(2026, 10, 21, 7, 25));
  });

  test("takes one that does not say for old, so that its debt is not held against anybody", () => {
    const book = new NamespaceBook();
    expect(book.upsert(namespace("shop", { creationTimestamp: "yesterday" })).after.createdAt).toBe(0);
  });

  test("sees that a namespace is being deleted", () => {
    const book = new NamespaceBook();
    book.upsert(namespace("shop"));
    book.upsert(namespace("shop", { deletionTimestamp: "2026-11-21T08:00:00Z" }));
    expect(book.get("shop")?.terminating).toBe(true);
  });

  test("lists names in order, without those that are gone", () => {
    const book = new NamespaceBook();
    for (const name of ["shop", "default", "bank"]) book.upsert(namespace(name));
    book.delete("default");
    expect(book.names()).toEqual(["bank", "shop"]);
    expect(book.get("default")).toBeUndefined();
  });

  test("does not know the labels of a namespace that is not there", () => {
    expect(new NamespaceBook().labels("shop")).toBeUndefined();
  });
});
