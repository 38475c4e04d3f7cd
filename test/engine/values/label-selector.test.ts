import { describe, expect, it } from "vitest";
import {
  formatSelector,
  isEmptySelector,
  readLabelSelector,
  readMapSelector,
  selectsPods,
} from "../../../src/engine/values/label-selector.ts";

const template = (labels: Record<string, string>) => ({
  podLabels: new Map(Object.entries(labels)),
  fromTemplate: true,
});
const pod = (labels: Record<string, string>) => ({ podLabels: new Map(Object.entries(labels)), fromTemplate: false });
const expression = (key: string, operator: string, ...values: string[]) =>
  readLabelSelector({ matchExpressions: [{ key, operator, values }] });

describe("a label selector", () => {
  it("selects everything when it asks for nothing", () => {
    const empty = readLabelSelector({});
    expect(selectsPods(empty, template({}))).toBe(true);
    expect(empty !== undefined && isEmptySelector(empty)).toBe(true);
  });

  it.each([null, undefined, "app=web", ["app"]])("selects nothing when it is %j", (value) => {
    expect(selectsPods(readLabelSelector(value), template({ app: "web" }))).toBe(false);
  });

  it("asks for every one of its labels", () => {
    const selector = readLabelSelector({ matchLabels: { app: "web", tier: "front" } });
    expect(selectsPods(selector, template({ app: "web", tier: "front", more: "x" }))).toBe(true);
    expect(selectsPods(selector, template({ app: "web" }))).toBe(false);
    expect(selectsPods(selector, template({ app: "web", tier: "back" }))).toBe(false);
  });

  it("selects nothing where the pod labels are unknown", () => {
    expect(selectsPods(readLabelSelector({}), { podLabels: undefined, fromTemplate: true })).toBe(false);
  });

  it.each([
    ["In", ["web"], { app: "web" }, true],
    ["In", ["web"], { app: "db" }, false],
    ["In", ["web"], {}, false],
    ["NotIn", ["web"], { app: "db" }, true],
    ["NotIn", ["web"], { app: "web" }, false],
    ["NotIn", ["web"], {}, true],
    ["Exists", [], { app: "" }, true],
    ["Exists", [], {}, false],
    ["DoesNotExist", [], {}, true],
    ["DoesNotExist", [], { app: "web" }, false],
    ["Near", ["web"], { app: "web" }, false],
  ])("%s %j on %j is %s", (operator, values, labels, expected) => {
    expect(selectsPods(expression("app", operator, ...values), template(labels))).toBe(expected);
  });

  it("counts labels that controllers add as there, with a value that nobody knows", () => {
    const key = "statefulset.kubernetes.io/pod-name";
    const answers = [
      readLabelSelector({ matchLabels: { [key]: "store-0" } }),
      expression(key, "In", "store-0"),
      expression(key, "NotIn", "store-0"),
      expression(key, "Exists"),
      expression(key, "DoesNotExist"),
    ].map((selector) => selectsPods(selector, template({ app: "store" })));
    expect(answers).toEqual([true, true, true, true, false]);
  });

  it.each([
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "controller-revision-hash",
    "job-name",
    "controller-uid",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid",
  ])("takes %s for there on the Pods of a template, and for absent on one that has it not", (key) => {
    expect(selectsPods(expression(key, "Exists"), template({}))).toBe(true);
    expect(selectsPods(expression(key, "Exists"), pod({}))).toBe(false);
  });

  it("takes the template's own value of such a label", () => {
    const selector = readLabelSelector({ matchLabels: { "job-name": "other" } });
    expect(selectsPods(selector, template({ "job-name": "import" }))).toBe(false);
  });

  it("adds no labels to a Pod", () => {
    expect(selectsPods(readLabelSelector({ matchLabels: { "job-name": "import" } }), pod({}))).toBe(false);
  });

  it("knows prototype keys as ordinary labels", () => {
    expect(selectsPods(expression("constructor", "Exists"), template({}))).toBe(false);
    expect(selectsPods(expression("toString", "DoesNotExist"), template({}))).toBe(true);
  });
});

describe("the selector of a Service", () => {
  it("selects nothing when it is empty", () => {
    expect(readMapSelector({})).toBeUndefined();
    expect(readMapSelector(undefined)).toBeUndefined();
  });

  it("asks for every one of its labels", () => {
    expect(selectsPods(readMapSelector({ app: "web" }), template({ app: "web", tier: "front" }))).toBe(true);
  });
});

describe("a selector in a message", () => {
  it("reads as kubectl writes it", () => {
    const matchExpressions = [
      { key: "tier", operator: "In", values: ["api", "web"] },
      { key: "zone", operator: "NotIn", values: ["a"] },
      { key: "owner", operator: "Exists" },
      { key: "canary", operator: "DoesNotExist" },
    ];
    const selector = readLabelSelector({ matchLabels: { b: "2", a: "1" }, matchExpressions });
    expect(selector && formatSelector(selector)).toBe("!canary,a=1,b=2,owner,tier in (api,web),zone notin (a)");
  });

  it("stays on one line", () => {
    expect(formatSelector({ labels: new Map([["a", "1\n2"]]), expressions: [] })).toBe("a=1\\u000a2");
  });
});
