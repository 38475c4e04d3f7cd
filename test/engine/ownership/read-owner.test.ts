import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultOwnershipSettings, type OwnerKey } from "../../../src/engine/ownership/ownership.ts";
import { readOwner } from "../../../src/engine/ownership/read-owner.ts";

const { ownerKeys } = defaultOwnershipSettings;

function object(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}) {
  return { metadata: { labels, annotations } };
}

const annotated = (owner: string) => readOwner(object({}, { team: owner }), ownerKeys);

describe("the owner that an object names", () => {
  it("is that of the first key that is there", () => {
    expect(readOwner(object({ owner: "jo", team: "payments" }), ownerKeys)).toBe("payments");
    expect(readOwner(object({ owner: "payments" }), ownerKeys)).toBe("payments");
    expect(readOwner(object({ app: "web" }), ownerKeys)).toBeUndefined();
  });

  it("is looked for in labels before annotations, key by key", () => {
    expect(readOwner(object({ team: "a" }, { team: "b" }), ownerKeys)).toBe("a");
    expect(readOwner(object({ owner: "a" }, { team: "b" }), ownerKeys)).toBe("b");
  });

  it.each<[OwnerKey["on"], string | undefined]>([
    ["label", "a"],
    ["annotation", "b"],
    ["either", "a"],
  ])("is looked for where the key says: %s", (on, owner) => {
    expect(readOwner(object({ team: "a" }, { team: "b" }), [{ key: "team", on }])).toBe(owner);
  });

  it("is not the application that a chart says its objects are part of", () => {
    expect(readOwner(object({ "app.kubernetes.io/part-of": "kube-prometheus-stack" }), ownerKeys)).toBeUndefined();
  });

  it("goes on to the next key where one says nothing", () => {
    expect(readOwner(object({ team: "", owner: "payments" }, { team: " \n " }), ownerKeys)).toBe("payments");
  });

  it("keeps names in any script as they are", () => {
    expect(annotated("Zahlungen & Köstlichkeiten 支払い 🧾")).toBe("Zahlungen & Köstlichkeiten 支払い 🧾");
  });

  it("puts on one line what is not, and drops what cannot be seen", () => {
    expect(annotated("  pay\nments\u202e \u200bteam\u0000 ")).toBe("pay ments team");
  });

  it("leaves names that begin with _ to Pawl", () => {
    expect(annotated("_other")).toBe("other");
    expect(annotated("__")).toBeUndefined();
  });

  it("cuts what is longer than a label may be", () => {
    expect(annotated("x".repeat(63))).toBe("x".repeat(63));
    expect(annotated("x".repeat(64))).toBe(`${"x".repeat(62)}…`);
    expect(annotated(`${"x".repeat(61)}🧾 and more`)).toBe(`${"x".repeat(61)}…`);
  });

  it("is printable, on one line and short, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const owner = annotated(text);
        if (owner === undefined) return;
        expect(owner).toMatch(/^[^\p{C}_ ][^\p{C}]{0,62}$/u);
        expect(owner.length).toBeLessThanOrEqual(63);
        expect(owner.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each([[undefined], [null], ["text"], [{}], [{ metadata: null }], [{ metadata: { labels: ["team"] } }]])(
    "is nothing in %j, which is no object",
    (malformed) => {
      expect(readOwner(malformed, ownerKeys)).toBeUndefined();
    },
  );
});
