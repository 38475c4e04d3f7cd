import { describe, expect, it } from "vitest";
import { PodSpecView } from "../../../src/engine/views/pod-spec.ts";

function podSpec(spec: Record<string, unknown>): PodSpecView {
  return new PodSpecView({ spec, metadata: undefined, templatePath: ["spec", "template"], onlyEphemeral: false });
}

describe("containers", () => {
  const pod = podSpec({
    containers: [{ name: "app" }, null, "text", { image: "nameless" }],
    initContainers: [{ name: "migrate" }, { name: "proxy", restartPolicy: "Always" }],
    ephemeralContainers: [{ name: "debug" }],
  });

  it("are of four sorts", () => {
    expect(pod.all.map(({ sort, path }) => [sort, path])).toEqual([
      ["main", "containers[name=app]"],
      ["main", 'containers[name=""]'],
      ["sidecar", "initContainers[name=proxy]"],
      ["init", "initContainers[name=migrate]"],
      ["ephemeral", "ephemeralContainers[name=debug]"],
    ]);
  });

  it("run if they are main or sidecar, and are of the spec unless they are ephemeral", () => {
    expect(pod.run.map(({ name }) => name)).toEqual(["app", "", "proxy"]);
    expect(pod.spec.map(({ name }) => name)).toEqual(["app", "", "proxy", "migrate"]);
  });

  it("have no image where it is empty or no string", () => {
    const images = podSpec({ containers: [{ image: "" }, { image: 1 }, { image: "nginx" }] }).all.map(
      ({ image }) => image,
    );
    expect(images).toEqual([undefined, undefined, "nginx"]);
  });
});

describe("inheritance", () => {
  const inherit = (pod: object, container: object) => {
    const [only] = podSpec({ securityContext: pod, containers: [{ name: "app", securityContext: container }] }).all;
    if (only === undefined) throw new Error("no container");
    return only;
  };

  it("takes the pod's value where the container has none, or one of a wrong type", () => {
    expect(inherit({ runAsUser: 1000 }, {}).effectiveInteger("runAsUser")).toBe(1000);
    expect(inherit({ runAsUser: 1000 }, { runAsUser: null }).effectiveInteger("runAsUser")).toBe(1000);
    expect(inherit({ runAsUser: 1000 }, { runAsUser: "x" }).effectiveInteger("runAsUser")).toBe(1000);
  });

  it("takes the container's value first, also false and 0", () => {
    expect(inherit({ runAsNonRoot: true }, { runAsNonRoot: false }).effectiveFlag("runAsNonRoot")).toBe(false);
    expect(inherit({ runAsUser: 1000 }, { runAsUser: 0 }).effectiveInteger("runAsUser")).toBe(0);
  });

  it("replaces objects whole", () => {
    const container = inherit({ seLinuxOptions: { type: "a", level: "b" } }, { seLinuxOptions: { type: "c" } });
    expect(container.effectiveFields("seLinuxOptions")).toEqual({ type: "c" });
  });
});

describe("defaults", () => {
  it("are those of the API server", () => {
    const { restartPolicy, serviceAccountName } = podSpec({});
    expect([restartPolicy, serviceAccountName]).toEqual(["Always", "default"]);
  });

  it("take the old name of the service account where the new one is missing", () => {
    expect(podSpec({ serviceAccount: "old" }).serviceAccountName).toBe("old");
    expect(podSpec({ serviceAccount: "old", serviceAccountName: "new" }).serviceAccountName).toBe("new");
    expect(podSpec({ serviceAccount: "old", serviceAccountName: "" }).serviceAccountName).toBe("old");
  });

  it("take the limit for the request where only the limit is set", () => {
    const [container] = podSpec({
      containers: [{ resources: { limits: { cpu: "1" }, requests: { memory: "1Gi" } } }],
    }).all;
    expect(container?.resources.request("cpu")?.text).toBe("1");
    expect(container?.resources.writtenRequest("cpu")).toBeUndefined();
    expect(container?.resources.limit("memory")).toBeUndefined();
  });
});

describe("probes", () => {
  const probe = (livenessProbe: unknown) => podSpec({ containers: [{ livenessProbe }] }).all[0]?.probe("livenessProbe");

  it.each(["exec", "httpGet", "tcpSocket", "grpc"])("are there with a handler %s", (handler) => {
    expect(probe({ [handler]: {} })).toBeDefined();
  });

  it.each([{}, { periodSeconds: 3 }, { httpGet: null }, { exec: "ls" }, null, "probe"])(
    "are not there when they are %j",
    (value) => {
      expect(probe(value)).toBeUndefined();
    },
  );
});

describe("volumes", () => {
  it("are addressed by name", () => {
    expect(podSpec({ volumes: [{ name: "data" }, null] }).volumes.map(({ path }) => path)).toEqual([
      "volumes[name=data]",
    ]);
  });
});

describe("pointers", () => {
  const pod = podSpec({
    containers: [null, { name: "app" }],
    initContainers: [{ name: "migrate" }, { name: "proxy", restartPolicy: "Always" }],
    ephemeralContainers: [{ name: "debug" }],
  });

  it("say where the pod spec and its metadata stand", () => {
    expect([pod.pointer, pod.metadataPath]).toEqual(["/spec/template/spec", "spec.template.metadata"]);
  });

  it("count what is in the list of a container, legible or not", () => {
    expect(pod.all.map(({ name, pointer }) => [name, pointer])).toEqual([
      ["app", "/spec/template/spec/containers/1"],
      ["proxy", "/spec/template/spec/initContainers/1"],
      ["migrate", "/spec/template/spec/initContainers/0"],
      ["debug", "/spec/template/spec/ephemeralContainers/0"],
    ]);
  });
});
