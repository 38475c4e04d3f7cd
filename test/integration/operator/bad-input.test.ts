import { describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { deployment, only, type PolicySpecInput, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";

// One replica, so that none of the restarts has to wait for the Lease of the one before.
const bench = useBench({ flags: ["--leader-elect=false"] });

/** Specs that the API server takes, because it knows neither rules nor calendars. */
const badSpecs: readonly {
  readonly what: string;
  readonly spec: PolicySpecInput;
  readonly reason: string;
  readonly message: string;
}[] = [
  {
    what: "disables a rule that does not exist",
    spec: { rules: { disable: ["memory-limits"] } },
    reason: "UnknownRule",
    message: 'spec.rules.disable[0]: no rule is called "memory-limits"; did you mean "memory-limit"?',
  },
  {
    what: "tunes a rule that does not exist",
    spec: { rules: { override: [{ id: "no-such-rule-at-all", severity: "Low" }] } },
    reason: "UnknownRule",
    message: 'spec.rules.override[0].id: no rule is called "no-such-rule-at-all"',
  },
  {
    what: "names a pack that does not exist",
    spec: { rules: { packs: ["recomended"] } },
    reason: "UnknownPack",
    message: "spec.rules.packs[0]: ",
  },
  {
    what: "gives a parameter of the wrong type",
    spec: { rules: { override: [{ id: "allowed-registries", params: { registries: "registry.example.com" } }] } },
    reason: "InvalidParams",
    message: "spec.rules.override[0].params.registries",
  },
  {
    what: "gives a parameter that the rule does not take",
    spec: { rules: { override: [{ id: "memory-limit", params: { maximum: "4Gi" } }] } },
    reason: "InvalidParams",
    message: "spec.rules.override[0].params.maximum",
  },
  {
    what: "asks for a scan on the 30th of February",
    spec: { scan: { schedule: "0 0 30 2 *" } },
    reason: "InvalidSchedule",
    message: "spec.scan.schedule: ",
  },
  {
    what: "asks for a scan in hour 25",
    spec: { scan: { schedule: "0 25 * * *" } },
    reason: "InvalidSchedule",
    message: "spec.scan.schedule: hour: 25 is not in 0 to 23",
  },
  {
    what: "lives in the time zone of a base on Mars",
    spec: { scan: { timeZone: "Mars/Base" } },
    reason: "InvalidTimeZone",
    message: 'spec.scan.timeZone: there is no time zone "Mars/Base"',
  },
  {
    what: "asks for a CPU limit and for none",
    spec: {
      rules: {
        override: [
          { id: "cpu-limit", severity: "Low" },
          { id: "no-cpu-limit", severity: "Low" },
        ],
      },
    },
    reason: "ContradictoryRules",
    message: "spec.rules: cpu-limit (from spec.rules.override[0]) and no-cpu-limit (from spec.rules.override[1])",
  },
  {
    what: "names a kind without its group",
    spec: { match: { kinds: ["Deployment"] } },
    reason: "InvalidSpec",
    message: "spec.match.kinds[0]: Deployment alone is a kind of the core group: write Deployment.apps",
  },
  {
    what: "names a kind that is never watched",
    spec: { match: { kinds: ["Event"] } },
    reason: "InvalidSpec",
    message: "spec.match.kinds[0]: Event is never watched",
  },
];

describe.concurrent("a Policy with a mistake", () => {
  test.each(badSpecs)("that $what is not Ready and Stalled, and names the field", async ({ spec, reason, message }) => {
    const namespace = await bench.namespace("bad");
    const judged = new Judged(bench, namespace);
    const match = { ...spec.match, namespaces: { include: [namespace] } };

    await bench.apply(deployment({ name: "web", namespace }));
    await bench.apply(policy(namespace, { ...spec, match }));

    await untilConditions(judged, [`Ready=False ${reason}`, `Stalled=True ${reason}`]);
    const { conditions = [], inForce } = await judged.status();
    for (const { message: text, observedGeneration } of conditions) {
      expect(text).toContain(message);
      expect(observedGeneration).toBe(1);
    }
    expect(inForce).toBeUndefined();
    await judged.untilNews([expect.stringContaining(message)]);
    expect(await judged.report(namespace)).toBeUndefined();
  });

  test("is judged by as soon as the mistake is mended", async () => {
    const namespace = await bench.namespace("mended");
    const judged = new Judged(bench, namespace);
    const match = { namespaces: { include: [namespace] } };
    await bench.apply(deployment({ name: "web", namespace }));
    await bench.apply(policy(namespace, { match, rules: only("memory-limt") }));
    await untilConditions(judged, ["Ready=False UnknownRule", "Stalled=True UnknownRule"]);

    await bench.apply(policy(namespace, { match, rules: only("memory-limit") }));

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`]);
    await untilConditions(judged, ["Ready=True InForce"]);
  });

  test("names all its mistakes at once", async () => {
    const namespace = await bench.namespace("many");
    const judged = new Judged(bench, namespace);
    const rules = { packs: ["recomended"], disable: ["memory-limt"] };

    await bench.apply(policy(namespace, { match: { namespaces: { include: [namespace] } }, rules }));

    await untilConditions(judged, ["Ready=False UnknownPack", "Stalled=True UnknownPack"]);
    const { conditions = [] } = await judged.status();
    for (const { message } of conditions)
      expect(message).toMatch(
        /^spec\.rules\.packs\[0\]: .*; spec\.rules\.disable\[0\]: no rule is called "memory-limt"/,
      );
  });
});

describe("a good Policy that is broken", () => {
  /** What it is edited to: another rule, were it not for the time zone. */
  const broken: PolicySpecInput = { rules: only("run-as-non-root"), scan: { timeZone: "Mars/Base" } };
  const stalled = ["Ready=False InvalidTimeZone", "Stalled=True InvalidTimeZone"];

  test("goes on judging by its last good version, also after a kill -9", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "broken",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const before = await judged.report(namespace);

    await bench.apply(policy(namespace, { ...spec, ...broken }));
    await untilConditions(judged, stalled);
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`]);
    const written = await judged.report(namespace);
    await bench.restart("SIGKILL");
    await judged.scan();

    expect(await judged.conditions()).toEqual(stalled);
    expect(await judged.report(namespace)).toEqual(written);
    expect(written?.baselineTakenAt).toBe(before?.baselineTakenAt);
    await bench.apply(deployment({ name: "worst", namespace }));
    await judged.untilRows(namespace, [
      `Deployment.apps/web ${noLimit} Known`,
      `Deployment.apps/worse ${noLimit} New`,
      `Deployment.apps/worst ${noLimit} New`,
    ]);
    expect((await judged.status()).inForce).toMatchObject({ generation: 1 });
  });

  test("while there is no operator goes on judging by its last good version", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "unseen",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const written = await judged.report(namespace);

    await bench.restart("SIGKILL", () => bench.apply(policy(namespace, { ...spec, ...broken })));

    await untilConditions(judged, stalled);
    await judged.scan();
    expect(await judged.report(namespace)).toEqual(written);
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`]);
  });

  test("takes effect once it is mended, and adopts what its new rule finds", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "repair",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    await bench.apply(policy(namespace, { ...spec, ...broken }));
    await untilConditions(judged, stalled);

    await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "run-as-non-root") }));

    await untilConditions(judged, ["Ready=True InForce"]);
    await judged.untilCounts(namespace, { new: 0, known: 2 });
    expect((await judged.status()).inForce).toMatchObject({ generation: 3 });
  });
});

async function untilConditions(judged: Judged, conditions: readonly string[]): Promise<void> {
  await judged.until(() => judged.conditions(), {
    describe: `the conditions ${conditions.join(", ")} of Policy ${judged.policy}`,
    until: (found) => JSON.stringify(found) === JSON.stringify(conditions),
  });
}
