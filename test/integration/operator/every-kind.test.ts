import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { namedKinds, readKinds } from "../../../src/engine/kind-scope.ts";
import { packNames } from "../../../src/engine/packs.ts";
import { parseKindName } from "../../../src/engine/resource.ts";
import { rules } from "../../../src/rules/index.generated.ts";
import { useBench } from "./bench.ts";
import { installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { type Manifest, policy } from "./objects.ts";

// Without WatchList, as on clusters that do not have it: kinds are listed in pages, and then watched.
const bench = useBench({ flags: ["--secret-metadata"], apiServerFlags: ["--feature-gates=WatchList=false"] });

/** No API server that is supported serves them. */
const gone = "extensions";

const secretsRole = join(import.meta.dirname, "../../../config/rbac/optional/secret-metadata.yaml");

interface Resources {
  readonly resources: readonly { readonly kind: string }[];
}

/** The kinds that live rules name, which this API server does not serve by itself. */
async function ofOtherProjects(): Promise<readonly { readonly group: string; readonly kind: string }[]> {
  const live = rules.filter(({ manifestsOnly }) => manifestsOnly !== true);
  const kinds = live.flatMap((rule) => [
    ...namedKinds(rule.kinds),
    ...(rule.scope === "inventory" ? readKinds(rule.reads) : []),
  ]);
  const { groups } = await bench.request<{
    readonly groups: readonly { readonly name: string; readonly preferredVersion: { readonly groupVersion: string } }[];
  }>("GET", "/apis");
  const served = new Set<string>();
  for (const { name, preferredVersion } of groups) {
    const { resources } = await bench.request<Resources>("GET", `/apis/${preferredVersion.groupVersion}`);
    for (const { kind } of resources) served.add(`${kind}.${name}`);
  }
  return [...new Set(kinds)]
    .map((name) => parseKindName(name))
    .filter(({ group, kind }) => group !== "" && group !== gone && !served.has(`${kind}.${group}`));
}

test("every kind that rules name is read with the rights that are granted, in pages where there is no WatchList", async () => {
  for (const role of loadAll(readFileSync(secretsRole, "utf8")) as Manifest[]) await bench.apply(role);
  const others = await ofOtherProjects();
  expect(others.length).toBeGreaterThan(10);
  for (const kind of others) await installKind(bench, kind);

  for (const pack of packNames) await bench.apply(policy(pack, { rules: { packs: [pack] } }));

  for (const pack of packNames) {
    const { coverage, inactiveRules = [] } = await new Judged(bench, pack).untilScanned();
    const resting = inactiveRules.filter(({ reason }) => reason !== "ManifestsOnly");
    expect({ pack, coverage, resting }).toEqual({ pack, coverage: { percent: 100, holes: [] }, resting: [] });
  }
});
