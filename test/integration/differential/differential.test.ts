import { describe, expect, test } from "vitest";
import { ApiProxy } from "../api-proxy.ts";
import { useBench } from "../operator/bench.ts";
import { wholeNumberFrom } from "../seeded.ts";
import { Differential } from "./differential.ts";

/** `DIFFERENTIAL_SEED=$RANDOM` looks elsewhere, `DIFFERENTIAL_CHANGES=5000` further; `make soak` runs it at full length. */
const isLong = process.env.PAWL_SOAK === "1";
const seed = wholeNumberFrom("DIFFERENTIAL_SEED", 20_261_121);
const changes = wholeNumberFrom("DIFFERENTIAL_CHANGES", isLong ? 2_000 : 160);
const rests = Math.ceil(changes / 40);

describe("an operator that follows random changes", () => {
  const bench = useBench({ operator: false, calm: true });

  test("comes to what a full scan comes to, and the engine over the exported objects", async () => {
    console.info(`DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_CHANGES=${changes}`);
    const differential = new Differential({ bench, seed, changes, rests, longRestEvery: isLong ? 10 : 0 });

    await differential.run();

    console.info(`${differential.summary}; the same at ${rests} rests`);
  });
});

describe("an operator that does not hear of every 50th change", () => {
  const bench = useBench({ operator: false });

  test("comes to something else, and the comparison shows it", async () => {
    await using proxy = await ApiProxy.start(bench.plane, "saboteur");
    let heard = 0;
    proxy.interference = { hears: () => ++heard % 50 !== 0 };
    const flags = [`--kubeconfig=${proxy.kubeconfig(bench.operatorKubeconfig)}`];
    // What makes an operator read everything anew would heal it.
    const kinds = ["put", "delete", "own", "disown"] as const;
    // A change that was not heard of is healed by the next one of the same object: it is looked for while it is young.
    const differential = new Differential({ bench, seed, changes: 400, rests: 20, kinds, flags, patienceMs: 10_000 });

    await expect(differential.run()).rejects.toThrow(/^seed .* not the same at rest \d+ of 20, after\n/);

    expect(heard).toBeGreaterThan(50);
    await differential.end();
  });
});
