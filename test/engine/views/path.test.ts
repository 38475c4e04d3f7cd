import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  below,
  comparePaths,
  differsInOneMergeKey,
  formatPath,
  formatValue,
  lastElement,
  parsePath,
  path,
  type Step,
} from "../../../src/engine/views/path.ts";

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.dictionary(
    fc.constantFrom("name", "port", "protocol"),
    fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.nat()),
    {
      minKeys: 1,
    },
  ),
);
const steps = fc.array(step, { minLength: 1, maxLength: 5 });

describe("path", () => {
  it.each([
    [["containers", { name: "app" }, "resources", "limits", "memory"], "containers[name=app].resources.limits.memory"],
    [["ports", { containerPort: 80, protocol: "TCP" }], "ports[containerPort=80,protocol=TCP]"],
    [["volumeMounts", { mountPath: "/var/log" }], "volumeMounts[mountPath=/var/log]"],
    [["metadata", "labels", "app.kubernetes.io/name"], 'metadata.labels["app.kubernetes.io/name"]'],
    [["env", { name: "A]B" }], 'env[name="A]B"]'],
    [["env", { name: "A=B,C" }], 'env[name="A=B,C"]'],
    [["env", { name: 'say "hi"' }], 'env[name="say \\"hi\\""]'],
    [["containers", { name: "" }], 'containers[name=""]'],
    [["data", ""], 'data[""]'],
    [["data", "two\nlines"], 'data["two\\nlines"]'],
  ] as const)("writes %j as %s", (given, expected) => {
    expect(path(...given)).toBe(expected);
  });

  it("goes on below a path", () => {
    expect(below("containers[name=app]", "image")).toBe("containers[name=app].image");
  });

  it("is one line and reads back exactly, whatever it is made of", () => {
    fc.assert(
      fc.property(steps, (given) => {
        const text = path(...given);
        const segments = parsePath(text);
        expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(segments).toHaveLength(given.length);
        expect(formatPath(segments ?? [])).toBe(text);
      }),
    );
  });

  it("is different for different places", () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const same = JSON.stringify(a.map(asText)) === JSON.stringify(b.map(asText));
        expect(path(...a) === path(...b)).toBe(same);
      }),
    );
  });

  it.each(["[", "a..b", ".a", "a.", "a[b", "a[name]", "a[name=x", 'a["b]', "a b", "a[name=x]b"])(
    "does not read %j",
    (text) => {
      expect(parsePath(text)).toBeUndefined();
    },
  );
});

function asText(one: Step): unknown {
  return typeof one === "string" ? one : Object.entries(one).map(([key, value]) => [key, String(value)]);
}

describe("a path with controls in it", () => {
  it("is written with the codes that JSON leaves out", () => {
    expect(path("a\u007fb")).toBe('["a\\u007fb"]');
    expect(path("a", { name: "b\u2028c" })).toBe('a[name="b\\u2028c"]');
    expect(parsePath('["a\\u007fb"]')).toEqual(parsePath(path("a\u007fb")));
  });

  it.each(['["a\\x"]', 'a[name="b\\x"]', 'a[name=b"]'])("does not read %s", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});

describe("comparePaths", () => {
  it("puts what is inside a place right behind it", () => {
    const paths = [
      "spec2",
      "spec.replicas",
      "containers[name=b]",
      "containers[name=a].image",
      "spec",
      "containers[name=a]",
    ];
    expect(paths.sort(comparePaths)).toEqual([
      "containers[name=a]",
      "containers[name=a].image",
      "containers[name=b]",
      "spec",
      "spec.replicas",
      "spec2",
    ]);
  });

  it("finds a path equal to itself only", () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const [left, right] = [path(...a), path(...b)];
        expect(comparePaths(left, right) === 0).toBe(left === right);
        expect(Math.sign(comparePaths(left, right)) + Math.sign(comparePaths(right, left))).toBe(0);
      }),
    );
  });
});

describe("comparePaths of what is no path", () => {
  it.each([
    ["[", "]", -1],
    ["]", "[", 1],
    ["[", "[", 0],
    ["[", "a", -1],
    ["a", "[", 1],
  ])("puts %j and %j into the order of their text", (a, b, order) => {
    expect(Math.sign(comparePaths(a, b))).toBe(order);
  });
});

describe("lastElement", () => {
  it("is the innermost list element", () => {
    expect(lastElement("containers[name=app].env[name=A].value")).toBe("containers[name=app].env[name=A]");
  });

  it("may be the first step", () => {
    expect(lastElement("containers[name=app].image")).toBe("containers[name=app]");
    expect(lastElement("[name=app].image")).toBe("[name=app]");
  });

  it("is nothing where no element is addressed", () => {
    expect(lastElement('metadata.labels["a.b/c"]')).toBeUndefined();
  });
});

describe("differsInOneMergeKey", () => {
  it.each([
    ["containers[name=a].image", "containers[name=b].image", "containers[name=a]"],
    ["containers[name=a].env[name=X].value", "containers[name=a].env[name=Y].value", "containers[name=a].env[name=X]"],
    ["containers[name=a].env[name=X].value", "containers[name=b].env[name=X].value", "containers[name=a]"],
    [
      "ports[containerPort=80,protocol=TCP]",
      "ports[containerPort=81,protocol=TCP]",
      "ports[containerPort=80,protocol=TCP]",
    ],
  ])("from %s to %s it is the element %s", (old, other, element) => {
    expect(differsInOneMergeKey(old, other)).toBe(element);
  });

  it.each([
    ["containers[name=a].image", "containers[name=a].image"],
    ["containers[name=a].image", "containers[name=b].command"],
    ["containers[name=a].image", "initContainers[name=b].image"],
    ["containers[name=a].env[name=X]", "containers[name=b].env[name=Y]"],
    ["ports[containerPort=80,protocol=TCP]", "ports[containerPort=81,protocol=UDP]"],
    ["ports[containerPort=80]", "ports[port=81]"],
    ["containers[name=a]", "containers[name=b].image"],
    ["spec.replicas", "spec.paused"],
    ["[", "containers[name=a]"],
    ["containers[name=a]", "["],
    ["containers[name=a].image", "containers.image.tag"],
    ["containers.image.tag", "containers[name=a].image"],
    ["ports[containerPort=80]", "ports[containerPort=81,protocol=TCP]"],
    ["ports[containerPort=80,protocol=TCP]", "ports[containerPort=81]"],
  ])("from %s to %s there is none", (old, other) => {
    expect(differsInOneMergeKey(old, other)).toBeUndefined();
  });
});

describe("the value of a merge key", () => {
  it.each(["app", "größe", "尺寸", "~", "8080"])("stands as it is where it is plain: %s", (value) => {
    expect(formatValue(value)).toBe(value);
  });

  it.each(["a b", "a]", "a=b", "größe,", '"', ""])("stands in quotes where it is not: %j", (value) => {
    expect(formatValue(value)).toBe(JSON.stringify(value));
  });
});
