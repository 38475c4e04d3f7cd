import { beforeAll, describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { type CustomKind, customObject, grantScan, installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import {
  configMap,
  container,
  deployment,
  type Manifest,
  only,
  overriding,
  type PolicySpecInput,
  policy,
} from "./objects.ts";

const bench = useBench();

/** Every rule that needs no parameters. */
const everything: PolicySpecInput["rules"] = {
  packs: ["strict", "recommended", "pss-restricted", "reliability", "deprecation", "secrets", "network"],
};

const owned = overriding({ id: "required-labels", params: { labels: ["owner"], kinds: ["*"] } });

const mebibyte = 1024 * 1024;

describe.concurrent("objects at the limits of the API server", () => {
  test("a ConfigMap of a mebibyte is judged, and again when it changes", async () => {
    const namespace = await bench.namespace("large");
    const judged = new Judged(bench, namespace);
    const line = "one line of a very large file, such as people do put into ConfigMaps\n";
    const text = line.repeat(Math.floor((mebibyte - 200) / line.length));
    const large = configMap(namespace, "large", { "file.txt": text });
    await bench.create(large);
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: ["ConfigMap"] },
        rules: overriding({ id: "no-exposed-secret", severity: "Critical" }),
      }),
    );
    await judged.untilScanned();

    const token = `ghp_${"a1B2c3D4".repeat(4)}e5F6`;
    await bench.request("PUT", `/api/v1/namespaces/${namespace}/configmaps/large`, {
      ...large,
      data: { "file.txt": text, token },
    });

    await judged.untilRows(namespace, ["ConfigMap/large no-exposed-secret data.token New"], { timeoutMs: 5_000 });
    const said = JSON.stringify([await judged.report(namespace), bench.operator.log()]);
    expect(said).not.toContain(token);
  });

  test("names, keys and labels may be as long as they may", async () => {
    const namespace = await bench.namespace("long");
    const judged = new Judged(bench, namespace);
    const domain = `${`${"d".repeat(62)}.`.repeat(3)}${"d".repeat(64)}`.slice(0, 253);
    const labels = { [`${domain}/${"k".repeat(63)}`]: "v".repeat(63), empty: "" };
    const name = `${"n".repeat(63)}.${"n".repeat(63)}.${"n".repeat(63)}.${"n".repeat(61)}`;
    await bench.create({
      ...configMap(namespace, name, { ["f".repeat(253)]: "text" }),
      metadata: { name, namespace, labels },
    });
    await bench.apply(
      policy(namespace, {
        match: {
          namespaces: { include: [namespace] },
          kinds: ["ConfigMap"],
          objectSelector: { matchLabels: labels },
        },
        rules: owned,
      }),
    );

    await judged.untilRows(namespace, [`ConfigMap/${name} required-labels metadata.labels Known`]);

    await bench.create({
      ...configMap(namespace, `${name.slice(0, -1)}x`),
      metadata: { name: `${name.slice(0, -1)}x`, namespace, labels },
    });
    await judged.untilCounts(namespace, { new: 1, known: 1 });
    await judged.until(() => judged.events(namespace, "ViolationFound"), {
      describe: "the Event on an object with a name of 253 characters",
      until: ([event = ""]) => event.includes(`ConfigMap/${name.slice(0, -1)}x `),
    });
  });

  test("a Deployment of a thousand containers has as many violations, of which 200 are listed", async () => {
    const namespace = await bench.namespace("wide");
    const judged = new Judged(bench, namespace);
    const containers = Array.from({ length: 1_000 }, (_, index) => container(`c${index}`));
    await bench.create(deployment({ name: "wide", namespace, containers }));

    await bench.apply(
      policy(namespace, { match: { namespaces: { include: [namespace] } }, rules: only("memory-limit") }),
    );

    await judged.untilCounts(namespace, { new: 0, known: 1_000 });
    expect((await judged.report(namespace))?.violating).toMatchObject([{ ref: "Deployment.apps/wide", more: 800 }]);
  });
});

/** What may stand in any place of an object that no schema guards. */
const garbage: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e300,
  "",
  "text\nwith\u2028lines",
  [],
  {},
  [null, [1, ["x"]], {}],
  { a: { b: [{ c: null }] } },
  deep(300),
];

function deep(levels: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}

describe.concurrent("custom resources that no schema guards", () => {
  const blob: CustomKind = { group: "wild.example.com", kind: "Blob" };
  const rollout: CustomKind = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout" };

  beforeAll(async () => {
    await installKind(bench, blob);
    await installKind(bench, rollout);
    await grantScan(bench, blob.group);
  });

  /** Judges these objects by everything there is; nothing may break, and whatever is not known has to show. */
  async function judge(kind: CustomKind, prefix: string, objects: (namespace: string) => readonly Manifest[]) {
    const namespace = await bench.namespace(prefix);
    const judged = new Judged(bench, namespace);
    const all = objects(namespace);
    for (const object of all) await bench.create(object);
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: [`*.${kind.group}`] },
        rules: { ...everything, override: [{ id: "memory-limit", severity: "High" }, ...(owned?.override ?? [])] },
      }),
    );
    await judged.untilScanned();
    const report = await judged.report(namespace);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
    expect(report?.problems).toEqual([]);
    const ofKind = (await judged.rows(namespace))?.filter((row) => row.startsWith(`${kind.kind}.${kind.group}/`));
    return { namespace, judged, rows: ofKind ?? [], all };
  }

  test("may hold anything anywhere", async () => {
    const fields = ["spec", "status", "data", "template", "rules", "subjects", "roleRef"];
    const { rows, all } = await judge(blob, "blob", (namespace) => [
      customObject(blob, { name: "bare", namespace }),
      ...garbage.map((value, index) =>
        customObject(
          blob,
          { name: `blob-${index}`, namespace },
          Object.fromEntries(fields.map((field) => [field, value])),
        ),
      ),
    ]);

    const unlabelled = all.map(
      ({ metadata }) => `Blob.wild.example.com/${metadata.name} required-labels metadata.labels Known`,
    );
    expect(rows.filter((row) => row.includes(" required-labels "))).toEqual(unlabelled.sort());
  });

  test("of a workload kind may have any template; the good one among them is judged", async () => {
    const places: readonly ((value: unknown) => unknown)[] = [
      (value) => ({ spec: value }),
      (value) => ({ spec: { template: value, replicas: value, selector: value } }),
      (value) => ({ spec: { template: { metadata: value, spec: value } } }),
      (value) => ({ spec: { template: { spec: { containers: value, initContainers: value, volumes: value } } } }),
      (value) => ({ spec: { template: { spec: { containers: [value], securityContext: value } } } }),
      (value) => ({
        spec: {
          template: {
            metadata: { labels: { app: value }, annotations: value },
            spec: {
              hostNetwork: value,
              serviceAccountName: value,
              topologySpreadConstraints: [value],
              volumes: [{ name: value, hostPath: value, configMap: value }],
              containers: [
                { name: value, image: value, resources: value, env: [value], ports: value, securityContext: value },
                { name: "b", resources: { limits: value, requests: { memory: value } }, livenessProbe: value },
                { name: "c", resources: { limits: { memory: value } }, envFrom: [value], volumeMounts: [value] },
              ],
            },
          },
        },
      }),
    ];
    const { namespace, judged, rows } = await judge(rollout, "rollout", (namespace) => [
      ...places.flatMap((place, p) =>
        garbage.map((value, g) =>
          customObject(rollout, { name: `garbage-${p}-${g}`, namespace }, place(value) as Record<string, unknown>),
        ),
      ),
      customObject(
        rollout,
        { name: "good", namespace },
        { spec: { template: { spec: { containers: [container("app")] } } } },
      ),
    ]);

    expect(rows).toContain("Rollout.argoproj.io/good memory-limit containers[name=app].resources.limits.memory Known");
    expect((await judged.status()).summary?.resources).toBeGreaterThanOrEqual(places.length * garbage.length + 1);

    await bench.apply(
      customObject(
        rollout,
        { name: "good", namespace },
        { spec: { template: { spec: { containers: [container("app"), container("sidecar")] } } } },
      ),
    );
    await judged.until(() => judged.rows(namespace), {
      describe: "the sidecar without a limit",
      until: (found) =>
        found.includes("Rollout.argoproj.io/good memory-limit containers[name=sidecar].resources.limits.memory New"),
    });
  });
});
