import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { elementHash, elements } from "../../../src/engine/views/elements.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function holds(object: KubeObject, ...paths: readonly string[]): readonly boolean[] {
  const view = viewResource(object);
  if (view === undefined) throw new Error("the object says nothing");
  const found = elements(view);
  return paths.map((path) => found.includes(elementHash(path)));
}

const spec = {
  containers: [
    {
      name: "app",
      env: [{ name: "MODE", value: "x" }],
      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }],
      volumeMounts: [{ mountPath: "/data", name: "data" }],
      args: ["a"],
    },
  ],
  initContainers: [{ name: "init" }],
  volumes: [{ name: "data" }],
};

describe("the elements of an object", () => {
  it.each([
    [
      "a Deployment",
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x" }, spec: { template: { spec } } },
    ],
    ["a Pod", { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec }],
    [
      "a CronJob",
      {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "x" },
        spec: { jobTemplate: { spec: { template: { spec } } } },
      },
    ],
  ])("of %s are those of its pod spec, without the prefix", (_, object) => {
    const there = holds(
      object,
      "containers[name=app]",
      "containers[name=app].env[name=MODE]",
      "containers[name=app].ports[containerPort=80,protocol=TCP]",
      "containers[name=app].ports[containerPort=53,protocol=UDP]",
      "containers[name=app].volumeMounts[mountPath=/data]",
      "initContainers[name=init]",
      "volumes[name=data]",
    );
    expect(there).toEqual(Array.from(there, () => true));
    expect(holds(object, "containers[name=gone]", "spec.template.spec.containers[name=app]")).toEqual([false, false]);
  });

  it("are told apart by the names of their lists and of what is around them, and by those of their keys", () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec };
    const elsewhere = [
      "initContainers[name=app]",
      "containers[name=app].envFrom[name=MODE]",
      "initContainers[name=app].env[name=MODE]",
      "containers[name=app].volumeMounts[name=/data]",
    ];
    expect(holds(pod, ...elsewhere)).toEqual([false, false, false, false]);
  });

  it("are found in any part of the object but status and managedFields", () => {
    const object = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", managedFields: [{ env: [{ name: "A" }] }] },
      spec: { ports: [{ port: 80 }], managedFields: { env: [{ name: "A" }] } },
      status: { ports: [{ port: 90 }] },
    };
    const there = holds(
      object,
      "spec.ports[port=80,protocol=TCP]",
      "spec.managedFields.env[name=A]",
      "status.ports[port=90,protocol=TCP]",
    );
    expect(there).toEqual([true, false, false]);
  });

  it("are those alone that a merge key addresses, in the order in which they stand", () => {
    const env = [null, "A", ["A"], { value: "x" }, { name: "A", value: null }];
    const view = viewResource({
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "x" },
      spec: { steps: [{ name: "a" }], text: "a", nothing: null, env, ports: { port: 80 }, volumes: [{ name: "b" }] },
    });
    expect(view && elements(view)).toEqual(["spec.env[name=A]", "spec.volumes[name=b]"].map(elementHash));
  });

  it("are found down to 64 levels of fields or lists", () => {
    let fields: Record<string, unknown> = { env: [{ name: "A" }] };
    for (let level = 0; level < 65; level++) fields = { a: fields };
    const { a: lessDeep } = fields;
    let lists: Record<string, unknown> = {};
    for (let level = 0; level < 66; level++) lists = { env: [{ name: "A", ...lists }] };
    const inFields = (levels: number) => `${Array.from({ length: levels }, () => "a").join(".")}.env[name=A]`;
    const inLists = (levels: number) => Array.from({ length: levels }, () => "env[name=A]").join(".");
    const deep = { apiVersion: "example.com/v1", kind: "Deep", metadata: { name: "x" } };
    expect(holds({ ...deep, a: lessDeep }, inFields(65))).toEqual([false]);
    expect(holds({ ...deep, ...(lessDeep as object) }, inFields(64))).toEqual([true]);
    expect(holds({ ...deep, ...lists }, inLists(65), inLists(66))).toEqual([true, false]);
  });

  it("survive hostile nesting", () => {
    let nested: unknown = { env: [{ name: "A" }] };
    for (let level = 0; level < 20_000; level++) nested = { a: nested };
    expect(
      holds({ apiVersion: "example.com/v1", kind: "Deep", metadata: { name: "x" }, nested }, "env[name=A]"),
    ).toEqual([false]);
  });
});
