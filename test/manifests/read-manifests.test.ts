import { describe, expect, it } from "vitest";
import { formatManifestProblem } from "../../src/manifests/problem.ts";
import { readManifests } from "../../src/manifests/read-manifests.ts";
import { kubernetesScalars } from "./kubernetes-scalars.ts";

const head = "apiVersion: v1\nkind: ConfigMap\n";

/** The fields of the only object in a text beside apiVersion and kind. */
function fieldsOf(text: string): unknown {
  const { objects, problems } = readManifests(`${head}${text}`, "one.yaml");
  expect(problems).toEqual([]);
  expect(objects).toHaveLength(1);
  const { apiVersion: _, kind: __, ...fields } = objects[0] ?? {};
  return fields;
}

function namesIn(text: string): readonly unknown[] {
  return readManifests(text, "some.yaml").objects.map(({ name }) => name);
}

const named = (name: string) => `apiVersion: v1\nkind: Pod\nname: ${name}\n`;

function problemsIn(text: string): readonly string[] {
  return readManifests(text, "bad.yaml").problems.map((one) => `${one.code} ${formatManifestProblem(one)}`);
}

const skippedIn = (text: string) => readManifests(text, "odd.yaml").skipped;

describe.each(Object.entries(kubernetesScalars))("reads %s as Kubernetes does", (_, scalars) => {
  it.each(scalars)("%j is %s", (text, json) => {
    expect(fieldsOf(`a: ${text}`)).toEqual({ a: JSON.parse(json) as unknown });
  });
});

describe("keys", () => {
  it("are strings, whatever they look like", () => {
    expect(fieldsOf("on: 1\n0x10: 2\n1.5: 3\n")).toEqual({ true: 1, "16": 2, "1.5": 3 });
  });

  it("may be called like what JavaScript objects inherit", () => {
    const { objects } = readManifests(`${head}__proto__: {polluted: yes}\nconstructor: x\n`, "one.yaml");
    expect(Object.keys(objects[0] ?? {})).toEqual(["apiVersion", "kind", "__proto__", "constructor"]);
    expect("polluted" in (objects[0] ?? {})).toBe(false);
  });

  it.each([
    ["a list", "? [a]\n: b\n", "a list or mapping cannot be a key"],
    ["a mapping", "? {a: 1}\n: b\n", "a list or mapping cannot be a key"],
    ["null", "~: b\n", "null cannot be a key: quote it"],
  ])("are never %s", (_, text, reason) => {
    expect(problemsIn(text)).toEqual([`Syntax bad.yaml:1:1: is no YAML that Kubernetes reads: ${reason}`]);
  });
});

describe("anchors", () => {
  it("repeat a value and merge mappings, what is written winning over what is merged", () => {
    expect(fieldsOf("base: &base {a: 1, b: 2}\nalias: *base\nmerged:\n  b: 3\n  <<: *base\n")).toEqual({
      base: { a: 1, b: 2 },
      alias: { a: 1, b: 2 },
      merged: { a: 1, b: 3 },
    });
  });

  it("end with their document", () => {
    expect(problemsIn(`${head}a: &x 1\n---\n${head}b: *x\n`)).toEqual([
      'Syntax bad.yaml:7:5: is no YAML that Kubernetes reads: unidentified alias "x"',
    ]);
  });

  it("that unfold into millions of values are refused", () => {
    const levels = Array.from({ length: 8 }, (_, at) => `k${at + 1}: &k${at + 1} [${`*k${at},`.repeat(9)}]\n`);
    expect(problemsIn(`k0: &k0 [${"x,".repeat(9)}]\n${levels.join("")}`)).toEqual([
      "ExcessiveAliases bad.yaml:1:1: its aliases unfold into 490329055 values: write fewer of them",
    ]);
  });

  it("may not hold themselves", () => {
    expect(problemsIn("a: &a {b: *a}")).toEqual([
      "ExcessiveAliases bad.yaml:1:1: holds an alias to what it stands in: write the value out",
    ]);
  });

  it("leave a large document alone that has few of them", () => {
    const text = `${head}data: &data [${"1,".repeat(1_000_001)}]\nagain: *data\n`;
    expect(readManifests(text, "large.yaml").problems).toEqual([]);
  });
});

describe("a stream", () => {
  it("holds documents between lines of three dashes, comments and blanks beside them", () => {
    expect(namesIn(`---\n${named("a")}--- # second\n${named("b")}---   \n${named("c")}`)).toEqual(["a", "b", "c"]);
  });

  it("is parted by three dashes even in a block of text, as Kubernetes' reader does", () => {
    expect(namesIn(`${named("a")}data: |\n  first\n---\n${named("b")}`)).toEqual(["a", "b"]);
  });

  it("has no document where there are only blanks and comments", () => {
    const { objects, problems, skipped } = readManifests("---\n\n# nothing\n---\n---\n~\n", "empty.yaml");
    expect({ objects, problems, skipped }).toEqual({ objects: [], problems: [], skipped: [] });
  });

  it("may begin with a byte order mark and end its lines as Windows does", () => {
    const text = `\uFEFF${named("a")}data: |\n  one\n  two\n---\n${named("b")}`.replaceAll("\n", "\r\n");
    expect(readManifests(text, "windows.yaml").objects).toEqual([
      { apiVersion: "v1", kind: "Pod", name: "a", data: "one\ntwo\n" },
      { apiVersion: "v1", kind: "Pod", name: "b" },
    ]);
  });

  it("may be JSON objects one after the other", () => {
    const json = (name: string) => JSON.stringify({ apiVersion: "v1", kind: "Pod", name }, null, 2);
    expect(namesIn(`${json("a")}${json("}{")} \n ${json('"\\')}`)).toEqual(["a", "}{", '"\\']);
  });

  it("may be JSON in the first and YAML in the next document", () => {
    expect(namesIn(`{"apiVersion": "v1", "kind": "Pod", "name": "a"}\n---\n${named("b")}`)).toEqual(["a", "b"]);
  });

  it("brings the objects of a List, in lists too", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, name: a}\n- apiVersion: apps/v1\n  kind: DeploymentList\n  items: [{name: b}]\n`;
    expect(readManifests(list, "list.yaml").objects).toEqual([
      { apiVersion: "v1", kind: "Pod", name: "a" },
      { apiVersion: "apps/v1", kind: "Deployment", name: "b" },
    ]);
  });

  it("keeps what can be read beside what cannot", () => {
    const text = `${named("a")}---\nkind: [\n---\n${named("b")}`;
    expect(namesIn(text)).toEqual(["a", "b"]);
    expect(problemsIn(text)).toHaveLength(1);
  });
});

describe("indentation", () => {
  it.each([
    ["a list that closes at its key's column", "a:\n  b: [\n    x\n  ]\n", { a: { b: ["x"] } }],
    ["a list written at the margin", "a:\n  b: [\nx,\n  z\n]\nc: 1\n", { a: { b: ["x", "z"] }, c: 1 }],
    ["a mapping in it", "a: {\nb: {\nc: 1\n},\n}\n", { a: { b: { c: 1 } } }],
    ["a quoted text that goes on at the margin", "a:\n  b: 'x\ny'\n", { a: { b: "x y" } }],
  ])("means nothing in %s", (_, text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  it("means something everywhere else", () => {
    expect(problemsIn("a:\n    b: 1\n  c: 2\n")).toEqual([
      "Syntax bad.yaml:3:3: is no YAML that Kubernetes reads: bad indentation of a mapping entry",
    ]);
  });

  it("that was mended does not move the place of a later problem", () => {
    expect(problemsIn("a: [\n]\nb: 1\nb: 2\n")).toEqual([
      "DuplicateKey bad.yaml:4:1: b stands twice in this mapping: remove one of the two",
    ]);
    expect(problemsIn("a: [\n]]\n")).toEqual([
      "Syntax bad.yaml:2:2: is no YAML that Kubernetes reads: bad indentation of a mapping entry",
    ]);
  });

  it("is mended so often and no oftener", () => {
    expect(problemsIn(`a: [\n${"x,\n".repeat(300)}]\n`)).toEqual([
      "Syntax bad.yaml:202:1: is no YAML that Kubernetes reads: deficient indentation",
    ]);
  });
});

describe("a problem names file, line and column", () => {
  it("of a key that stands twice", () => {
    expect(problemsIn(`${named("a")}---\n# comment\nspec:\n  image: x\n  image: y\n`)).toEqual([
      "DuplicateKey bad.yaml:8:3: image stands twice in this mapping: remove one of the two",
    ]);
  });

  it("of two keys that become the same", () => {
    expect(problemsIn("yes: 1\non: 2\n")).toEqual([
      "DuplicateKey bad.yaml:2:1: on stands twice in this mapping: remove one of the two",
    ]);
  });

  it("of a double key in the second of two JSON objects on one line", () => {
    expect(problemsIn(`{"a": 1}{"b":1, "b": 2}`)).toEqual([
      "DuplicateKey bad.yaml:1:18: b stands twice in this mapping: remove one of the two",
    ]);
  });

  it("of a separator that says more", () => {
    expect(problemsIn(`${named("a")}--- {b: 1}\n`)).toEqual([
      "Syntax bad.yaml:4:1: beside --- only a comment may stand: put the rest on a line of its own",
    ]);
  });

  it("of a tab before a key", () => {
    expect(problemsIn("a:\n\tb: 1\n")[0]).toMatch(/^Syntax bad\.yaml:2:\d+: is no YAML that Kubernetes reads: /);
  });

  it.each([".nan", ".inf", "-.INF"])("of %s, which JSON cannot hold", (text) => {
    expect(problemsIn(`${named("a")}---\na: {b: [${text}]}\n`)).toEqual([
      "NotJson bad.yaml:5:1: holds an infinity or .nan, which JSON cannot hold: quote it",
    ]);
  });

  it("of what nests too deeply", () => {
    expect(problemsIn(`${head}a: ${"[".repeat(900)}${"]".repeat(900)}`)).toEqual([]);
    expect(problemsIn("[".repeat(100_000))).toEqual([
      "Syntax bad.yaml:1:1000: is no YAML that Kubernetes reads: nesting exceeded maxDepth (1000)",
    ]);
  });

  it("sorted by place", () => {
    expect(problemsIn("a: [\n--- x\nb: {\n").map((problem) => problem.split(": ")[0])).toEqual([
      "Syntax bad.yaml:2:1",
      "Syntax bad.yaml:2:1",
      "Syntax bad.yaml:4:1",
    ]);
  });
});

describe("a document that is no Kubernetes object is skipped with its first line and a reason", () => {
  it.each([
    ["a list", "\n# comment\n- a\n", 3, "a list is no Kubernetes object"],
    ["a text", "just words", 1, "a string is no Kubernetes object"],
    ["a values file", "replicas: 3\n", 1, "apiVersion is missing or no string"],
    ["an object without kind", "apiVersion: v1\n", 1, "kind is missing or no string"],
    ["an empty mapping", "{}\n", 1, "apiVersion is missing or no string"],
  ])("%s", (_, text, line, reason) => {
    expect(readManifests(text, "odd.yaml").objects).toEqual([]);
    expect(skippedIn(text)).toEqual([{ file: "odd.yaml", line, reason }]);
  });

  it("items of a list that are none", () => {
    const text = "apiVersion: v1\nkind: List\nitems: [null, {apiVersion: v1, kind: Pod}, 7, [], {kind: Pod}]\n";
    expect(readManifests(text, "odd.yaml").objects).toEqual([{ apiVersion: "v1", kind: "Pod" }]);
    expect(skippedIn(text).map(({ reason }) => reason)).toEqual([
      "item 1 of the list: a null is no Kubernetes object",
      "item 3 of the list: a number is no Kubernetes object",
      "item 4 of the list: a list is no Kubernetes object",
      "apiVersion is missing or no string",
    ]);
  });

  it("what stands behind three dots, which Kubernetes never reads", () => {
    const text = `${named("a")}...\n${named("b")}`;
    expect(namesIn(text)).toEqual(["a"]);
    expect(skippedIn(text).map(({ reason }) => reason)).toEqual([
      "what follows a line of three dots is never read: part documents by ---",
    ]);
  });
});
