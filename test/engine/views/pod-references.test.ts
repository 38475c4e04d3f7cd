import { describe, expect, it } from "vitest";
import { configMapReferences, secretReferences } from "../../../src/engine/views/pod-references.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

const spec = {
  initContainers: [{ name: "init", envFrom: [{ secretRef: { name: "s-env-from" } }, { prefix: "A_" }] }],
  containers: [
    {
      name: "app",
      env: [
        { name: "A", valueFrom: { configMapKeyRef: { name: "c-env", key: "a" } } },
        { name: "B", valueFrom: { secretKeyRef: { name: "s-env", key: "b" } } },
        { name: "C", valueFrom: { secretKeyRef: { name: "s-keyless" } } },
        { name: "D", valueFrom: { secretKeyRef: { name: "s-later", key: "d", optional: true } } },
        { name: "E", valueFrom: { secretKeyRef: { name: "s-text", key: "e", optional: "true" } } },
        { name: "F", valueFrom: { secretKeyRef: { name: "", key: "f" } } },
        { name: "G", value: "plain" },
      ],
      envFrom: [{ configMapRef: { name: "c-env-from", optional: false } }, { secretRef: { name: 1 } }],
    },
  ],
  ephemeralContainers: [{ name: "debug", envFrom: [{ secretRef: { name: "s-debug" } }] }],
  volumes: [
    { name: "v1", configMap: { name: "c-volume", items: [{ key: "x" }, { path: "keyless" }] } },
    { name: "v2", secret: { secretName: "s-volume", items: [{ key: "y" }] } },
    { name: "v3", secret: { name: "s-misspelt" } },
    {
      name: "v4",
      projected: {
        sources: [
          { secret: { name: "s-projected" } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt" }] } },
          { secret: { name: "s-projected-later", optional: true } },
          { secret: { secretName: "s-misspelt" } },
          { configMap: { name: "c-projected", items: [{ key: "z" }] } },
        ],
      },
    },
    { name: "v5", emptyDir: {} },
  ],
  imagePullSecrets: [{ name: "s-pull" }],
};

const pod = viewResource({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec })?.podSpec;

describe("the references of a pod spec", () => {
  it("to ConfigMaps are those of env, envFrom, volumes and projected volumes, with the keys named, but what is in every namespace", () => {
    expect(pod && configMapReferences(pod)).toEqual([
      { path: "containers[name=app].env[name=A].valueFrom.configMapKeyRef", name: "c-env", key: "a" },
      { path: "containers[name=app].envFrom", name: "c-env-from", key: undefined },
      { path: "volumes[name=v1].configMap", name: "c-volume", key: undefined },
      { path: "volumes[name=v1].configMap", name: "c-volume", key: "x" },
      { path: "volumes[name=v4].projected.sources", name: "c-projected", key: undefined },
      { path: "volumes[name=v4].projected.sources", name: "c-projected", key: "z" },
    ]);
  });

  it("to Secrets are spelled otherwise, and leave out what is optional or pulls images", () => {
    expect(pod && secretReferences(pod)).toEqual([
      { path: "containers[name=app].env[name=B].valueFrom.secretKeyRef", name: "s-env", key: "b" },
      { path: "containers[name=app].env[name=C].valueFrom.secretKeyRef", name: "s-keyless", key: undefined },
      { path: "initContainers[name=init].envFrom", name: "s-env-from", key: undefined },
      { path: "ephemeralContainers[name=debug].envFrom", name: "s-debug", key: undefined },
      { path: "volumes[name=v2].secret", name: "s-volume", key: undefined },
      { path: "volumes[name=v2].secret", name: "s-volume", key: "y" },
      { path: "volumes[name=v4].projected.sources", name: "s-projected", key: undefined },
    ]);
  });
});
