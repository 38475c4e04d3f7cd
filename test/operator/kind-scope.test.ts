import { describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import type { Discovery, ServedType } from "../../src/kube/discovery.ts";
import type { Stale } from "../../src/kube/watch-consumer.ts";
import {
  type Catalog,
  coverageOf,
  isInScope,
  type Known,
  kindStandings,
  kindsToFollow,
  nextCatalog,
} from "../../src/operator/kind-scope.ts";
import { policyOf } from "../engine/samples.ts";

const now = Date.UTC(2026, 10, 21, 7, 25);
const minute = 60_000;

interface TypeOptions {
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
}

/** `Deployment.apps` as a cluster serves it. */
function served(name: string, { namespaced = true, verbs = ["get", "list", "watch"] }: TypeOptions = {}): ServedType {
  const [kind = "", ...group] = name.split(".");
  const plural = `${kind.toLowerCase()}s`;
  return { group: group.join("."), version: "v1", kind, plural, namespaced, verbs, versions: ["v1"] };
}

function catalogOf(
  names: readonly (string | readonly [string, TypeOptions])[],
  failedGroups: Readonly<Record<string, string>> = {},
): Catalog {
  const types = new Map(
    names.map((one) => {
      const [name, options] = typeof one === "string" ? [one, {}] : one;
      return [name, served(name, options)] as const;
    }),
  );
  const discovery: Discovery = { types, failedGroups: new Map(Object.entries(failedGroups)) };
  return nextCatalog(undefined, discovery, now);
}

const cluster = catalogOf([
  "ConfigMap",
  "Deployment.apps",
  "Event",
  ["Namespace", { namespaced: false }],
  "Rollout.argoproj.io",
  "Secret",
  "ServiceAccount",
]);

/** Judges ConfigMaps only. */
const configMaps = policyOf({
  rules: { packs: ["argo"], disable: ["replicas-written"], override: [{ id: "fragile", severity: "Low" }] },
});

/** Judges workloads, and reads ServiceAccounts for it. */
const accounts = policyOf({ rules: { packs: ["rbac"] } }, { name: "accounts" });

describe("kinds to follow", () => {
  const kinds = (...policies: readonly CompiledPolicy[]) => [...kindsToFollow(policies, cluster).keys()].sort();

  test("are Namespaces, whatever the policies are", () => {
    expect(kinds()).toEqual(["Namespace"]);
  });

  test("are those that rules judge, as far as they are served", () => {
    expect(kinds(configMaps)).toEqual(["ConfigMap", "Namespace"]);
  });

  test("are also those that rules only read", () => {
    expect(kinds(accounts)).toContain("ServiceAccount");
  });

  test("are also those that a match names, by group too", () => {
    const policy = policyOf({ match: { kinds: ["*.argoproj.io"] }, rules: { packs: ["strict"] } });
    expect(kinds(policy)).toContain("Rollout.argoproj.io");
  });

  test("are none that cannot be listed", () => {
    const creatable = catalogOf([["ConfigMap", { verbs: ["create"] }]]);
    expect([...kindsToFollow([configMaps], creatable).keys()]).toEqual([]);
  });

  test.each<[string, Record<string, unknown>[], boolean]>([
    ["if a policy is continuous", [{}], true],
    ["if one of several policies is", [{ continuous: false }, {}], true],
    ["not if none is", [{ continuous: false }, { continuous: false }], false],
    ["not for a policy that is suspended", [{ suspend: true }], false],
  ])("are watched %s", (_when, scans, watched) => {
    const policies = scans.map((scan, index) => policyOf({ scan }, { name: `p-${index}` }));
    expect(kindsToFollow(policies, cluster).get("Deployment.apps")?.watch).toBe(watched);
    expect(kindsToFollow(policies, cluster).get("Namespace")?.watch).toBe(true);
  });

  test("are only listed where they cannot be watched", () => {
    const unwatchable = catalogOf([["ConfigMap", { verbs: ["list"] }]]);
    expect(kindsToFollow([configMaps], unwatchable).get("ConfigMap")?.watch).toBe(false);
  });

  test("are read in full, but Secrets by their metadata only", () => {
    const secrets = policyOf({ rules: { packs: ["secrets"] } }, { secretMetadata: true });
    const wanted = kindsToFollow([secrets, configMaps], cluster);
    expect(wanted.get("Secret")?.metadataOnly).toBe(true);
    expect(wanted.get("ConfigMap")?.metadataOnly).toBe(false);
  });

  test.each(["Event", "Lease.coordination.k8s.io", "Baseline.pawl.dev"])("are never %s", (kind) => {
    expect(isInScope(policyOf({ rules: { packs: ["strict"] } }), kind)).toBe(false);
  });
});

describe("the standing of kinds", () => {
  const current: Known = { stale: () => null, unreadSince: () => undefined };

  function known(stale: Readonly<Record<string, Stale>>, unread: Readonly<Record<string, number>> = {}): Known {
    return { stale: (kind) => stale[kind] ?? null, unreadSince: (_policy, kind) => unread[kind] };
  }

  const refused: Stale = { reason: "forbidden", message: "not allowed", since: now };

  test("is complete for what was read and is current", () => {
    expect(kindStandings(configMaps, cluster, current)).toEqual(
      new Map([["ConfigMap", { evidence: { state: "complete", served: true }, gap: undefined }]]),
    );
  });

  test("is complete and empty for what is not served", () => {
    const standings = kindStandings(configMaps, catalogOf([]), current);
    expect(standings.get("ConfigMap")).toEqual({ evidence: { state: "complete", served: false }, gap: undefined });
  });

  test("is sorted by kind", () => {
    const names = [...kindStandings(accounts, cluster, current).keys()];
    expect(names).toEqual([...names].sort());
  });

  test("of a pattern for which nothing is served is no standing at all", () => {
    const policy = policyOf({ match: { kinds: ["*.nowhere.example.com"] }, rules: { packs: ["strict"] } });
    expect([...kindStandings(policy, cluster, current).keys()]).not.toContain("*.nowhere.example.com");
  });

  test.each<[Stale["reason"], string]>([
    ["forbidden", "Forbidden"],
    ["error", "ListFailed"],
    ["not-served", "ListFailed"],
    ["silent", "Stale"],
    ["starting", "Stale"],
  ])("is a gap with a reason where reading is hindered (%s)", (reason, shown) => {
    const standings = kindStandings(configMaps, cluster, known({ ConfigMap: { ...refused, reason } }));
    expect(standings.get("ConfigMap")).toMatchObject({
      evidence: { state: "incomplete", since: now, reason: shown },
      gap: { hole: { reason: shown, since: now } },
    });
    expect(standings.get("ConfigMap")?.gap?.hole.message).toMatch(/^ConfigMap: not allowed/);
  });

  test("says which ClusterRole would help where reading is not allowed", () => {
    const secrets = policyOf({ rules: { packs: ["secrets"] } }, { secretMetadata: true });
    const standings = [configMaps, secrets].map((policy) =>
      kindStandings(policy, cluster, known({ ConfigMap: refused, Secret: refused })),
    );
    expect(standings.map((one) => [...one.values()].map(({ gap }) => gap?.hole.message))).toEqual([
      [
        'ConfigMap: not allowed; grant list and watch by a ClusterRole with the label rbac.pawl.dev/aggregate-to-scan: "true"',
      ],
      ["Secret: not allowed; apply the ClusterRole pawl-scan-secrets, which grants it"],
    ]);
  });

  test("is a gap while the policy waits for the kind to be judged by its version in force", () => {
    const standings = kindStandings(configMaps, cluster, known({}, { ConfigMap: now }));
    expect(standings.get("ConfigMap")?.evidence).toMatchObject({ state: "incomplete", since: now });
  });

  test("is as old as the older of two gaps", () => {
    const standings = kindStandings(configMaps, cluster, known({ ConfigMap: refused }, { ConfigMap: now - minute }));
    expect(standings.get("ConfigMap")?.evidence).toMatchObject({ since: now - minute, reason: "Forbidden" });
  });

  test("is a gap where the group of a kind could not be asked, for a pattern too", () => {
    const policy = policyOf({
      match: { kinds: ["Widget.down.example.com", "*.down.example.com"] },
      rules: { packs: ["strict"] },
    });
    const standings = kindStandings(policy, catalogOf([], { "down.example.com": "503" }), current);
    for (const kind of ["Widget.down.example.com", "*.down.example.com"])
      expect(standings.get(kind)).toMatchObject({
        evidence: { state: "incomplete", since: now, reason: "DiscoveryFailed" },
        gap: { hole: { reason: "DiscoveryFailed", message: "group down.example.com: 503", since: now } },
      });
  });

  test("keeps a message to what a status can hold", () => {
    const message = "x".repeat(5_000);
    const standings = kindStandings(configMaps, cluster, known({ ConfigMap: { ...refused, message } }));
    expect(standings.get("ConfigMap")?.gap?.hole.message).toHaveLength(1_024);
  });
});

describe("discovery that goes on failing", () => {
  const failing: Discovery = { types: new Map(), failedGroups: new Map([["down.example.com", "503"]]) };

  test("keeps the instant at which it began", () => {
    const first = nextCatalog(undefined, failing, now);
    expect(nextCatalog(first, failing, now + minute).failedSince.get("down.example.com")).toBe(now);
  });

  test("begins anew after it has answered", () => {
    const first = nextCatalog(undefined, failing, now);
    const fine = nextCatalog(first, { types: new Map(), failedGroups: new Map() }, now + minute);
    expect(nextCatalog(fine, failing, now + 2 * minute).failedSince.get("down.example.com")).toBe(now + 2 * minute);
  });
});

describe("coverage", () => {
  const standings = (known: Known, catalog = cluster) => kindStandings(accounts, catalog, known);
  const stale = (reason: Stale["reason"], since: number): Known => ({
    stale: (kind) => (kind === "ServiceAccount" ? { reason, message: "no", since } : null),
    unreadSince: () => undefined,
  });
  /** A scan has met it. */
  const met = (known: Known): Known => ({
    ...known,
    unreadSince: (_policy, kind) => (kind === "ServiceAccount" ? now : undefined),
  });

  test("is 100 where everything was read", () => {
    expect(coverageOf(standings({ stale: () => null, unreadSince: () => undefined }), now)).toEqual({
      percent: 100,
      holes: [],
    });
  });

  test("does not count what is not served", () => {
    const served = catalogOf(["Deployment.apps", "ServiceAccount"]);
    expect(coverageOf(standings(met(stale("forbidden", now)), served), now).percent).toBe(50);
  });

  test("is 100 where there is nothing to read", () => {
    expect(coverageOf(new Map(), now).percent).toBe(100);
  });

  test("is rounded down, so that 100 is never a lie", () => {
    const served = catalogOf(["DaemonSet.apps", "Deployment.apps", "ServiceAccount"]);
    expect(coverageOf(standings(met(stale("forbidden", now)), served), now).percent).toBe(66);
  });

  test("has a hole at once where a scan was refused", () => {
    const message = expect.stringMatching(/^ServiceAccount: no; /);
    expect(coverageOf(standings(met(stale("forbidden", now))), now).holes).toEqual([
      { kind: "ServiceAccount", reason: "Forbidden", message, since: now },
    ]);
  });

  test("has a hole after 10 seconds where only a watch was refused: an API server that starts does that for a moment", () => {
    const standing = standings(stale("forbidden", now));
    expect(coverageOf(standing, now + 9_999).holes).toEqual([]);
    expect(coverageOf(standing, now + 10_000).holes).toHaveLength(1);
  });

  test.each<Stale["reason"]>(["error", "silent", "starting", "not-served"])(
    "has a hole for any other reason only after a minute (%s)",
    (reason) => {
      const standing = standings(stale(reason, now));
      expect(coverageOf(standing, now + minute - 1).holes).toEqual([]);
      expect(coverageOf(standing, now + minute).holes).toHaveLength(1);
    },
  );
});
