import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CompiledPolicy } from "../../../src/engine/compiled-policy.ts";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { valueAt } from "../../../src/engine/views/fields.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { rules } from "../../../src/rules/index.generated.ts";
import { ApiClient, type ControlPlane } from "../../../tools/control-plane/index.ts";
import { everyRule, judgeAll, problemsIn, told } from "../../rules/every-rule.ts";
import { readFixtures } from "../../rules/harness.ts";
import { startIsolatedControlPlane } from "../cluster.ts";
import { moduleDefinitions } from "./crd-modules.ts";
import { definedKind, installDefinitions, stubDefinitions } from "./definitions.ts";
import { FixtureLife, type LivedFixture } from "./lived-fixture.ts";
import { servedKinds } from "./served-kinds.ts";

const fixtures = rules.flatMap(({ id }) =>
  readFixtures(id).map((fixture) => ({ ...fixture, name: `${id}/${fixture.name}` })),
);
const objects = fixtures.flatMap((fixture) => fixture.objects);

describe("a manifest and the live object that it becomes", () => {
  let plane: ControlPlane;
  let lived: ReadonlyMap<string, LivedFixture>;

  beforeAll(async () => {
    // Nobody acts on the objects: what comes back is what the API server makes of them.
    plane = await startIsolatedControlPlane({ controllerManager: false });
    await using client = new ApiClient(plane.admin);
    const request = client.request.bind(client);
    const groups = new Set(
      (await request<{ groups: { name: string }[] }>("GET", "/apis")).groups.map(({ name }) => name),
    );
    const real = await moduleDefinitions((text) => console.log(text));
    const defined = new Set(real.map(definedKind));
    const stubs = stubDefinitions(objects, (kind, group) => groups.has(group) || defined.has(kind));
    console.log(`stubs stand for ${stubs.map(definedKind).sort().join(", ")}`);
    await installDefinitions(request, [...real, ...stubs]);
    const kinds = await servedKinds(
      request,
      objects.map(({ apiVersion }) => String(apiVersion)),
    );
    lived = await liveAll(new FixtureLife(request, kinds));
  });

  afterAll(() => plane.dispose());

  it("get the same verdict of every rule", () => {
    const policies = everyRule(objects).filter((policy) => !isOverwritten(policy));
    const found = worldsOf(lived).flatMap((world) => differences(policies, world));
    expect(found.filter((line) => !serversWork.some(({ differs }) => differs.test(line)))).toEqual([]);
    // What no longer differs is taken off the list.
    expect(serversWork.filter(({ differs }) => !found.some((line) => differs.test(line)))).toEqual([]);
  });

  it("are most of the fixtures: few are refused", () => {
    const accepted = [...lived.values()].reduce((sum, { live }) => sum + live.length, 0);
    console.log(`${accepted} of ${objects.length} objects of ${fixtures.length} fixtures were accepted`);
    expect(accepted).toBeGreaterThan(objects.length / 2);
  });

  it("are there for every rule that judges what is served", () => {
    const without = rules.filter(({ id }) =>
      fixtures.every(({ name }) => !name.startsWith(`${id}/`) || lived.get(name)?.live.length === 0),
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});

/** Rules that are asked about what the API server writes over: of these only manifests tell. */
function isOverwritten({ rules: [only] }: CompiledPolicy): boolean {
  if (only === undefined || only.rule.manifestsOnly === true) return true;
  const [set] = only.sets;
  return overwritten.some(({ rule, param }) => rule === only.id && valueAt(set?.params, param) === true);
}

/** Of a Pod, limits without requests become requests too, so that nobody knows what was written. */
const overwritten = [
  { rule: "cpu-request", param: "explicit" },
  { rule: "memory-request", param: "explicit" },
] as const;

/** Where the API server adds or hides what a rule asks about, and which verdicts differ for it. */
const serversWork = [
  {
    because: "every Pod is given a volume with a token of its service account",
    differs: /^live only: allowed-volume-types-\d+ \S+ Pod\/\S+ volumes\[name=kube-api-access-\w+\] projected$/,
  },
  {
    because: "of a live Secret only metadata is read: its annotation tells, in a manifest its type",
    differs: /^live only: no-token-secret-\d+ \S+ Secret\/manifest type /,
  },
  {
    because: "serviceAccount and serviceAccountName are written side by side",
    differs: /^manifest only: no-legacy-service-account-field-\d+ /,
  },
  {
    because: "AppArmor annotations of a Pod become fields",
    differs: /^manifest only: (?:no-legacy-annotations|security-context)-\d+ \S+ Pod\/checkout .*\bannotated\b/,
  },
  {
    because: "an object without fields leaves none that somebody manages in some API version",
    differs: /^manifest only: no-deprecated-api-\d+ \S+ Endpoints\/\S+ apiVersion v1$/,
  },
] as const;

/** All fixtures that share nothing together, the others each for itself: the same objects, written and live. */
function worldsOf(lived: ReadonlyMap<string, LivedFixture>): readonly Pick<LivedFixture, "manifests" | "live">[] {
  const [shared, apart] = [true, false].map((is) => [...lived.values()].filter(({ isShared }) => isShared === is));
  return [
    ...(shared ?? []),
    { manifests: apart?.flatMap(({ manifests }) => manifests) ?? [], live: apart?.flatMap(({ live }) => live) ?? [] },
  ];
}

function differences(
  policies: readonly CompiledPolicy[],
  { manifests, live }: Pick<LivedFixture, "manifests" | "live">,
): readonly string[] {
  const kinds = new Set(manifests.flatMap((object) => viewResource(object)?.kindName ?? []));
  const asked = policies.filter(({ judges }) => [...kinds].some(judges));
  const verdict = (objectsOf: readonly KubeObject[]) => {
    const evaluation = judgeAll(asked, objectsOf);
    expect(problemsIn(evaluation)).toEqual([]);
    return new Set(told(evaluation).map(({ fingerprint }) => fingerprint));
  };
  const [written, real] = [verdict(manifests), verdict(live)];
  return [
    ...[...written.difference(real)].map((fingerprint) => `manifest only: ${fingerprint}`),
    ...[...real.difference(written)].map((fingerprint) => `live only: ${fingerprint}`),
  ];
}

/** Fixtures with objects outside of namespaces one after the other, the others side by side. */
async function liveAll(life: FixtureLife): Promise<ReadonlyMap<string, LivedFixture>> {
  const lived = new Map<string, LivedFixture>();
  const queue = [...fixtures.entries()].filter(([, fixture]) => !life.isShared(fixture));
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, fixture] = next;
      lived.set(fixture.name, await life.live(fixture, `f${at}`));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  for (const [at, fixture] of fixtures.entries())
    if (life.isShared(fixture)) lived.set(fixture.name, await life.live(fixture, `f${at}`));
  return lived;
}
