import { expect, test } from "vitest";
import { useBench } from "../operator/bench.ts";
import { seededRandom, wholeNumberFrom } from "../seeded.ts";
import { createdTwice, overwritten, terms } from "./audited-writes.ts";
import { freezeAt, killAt, writePoints } from "./failover.ts";
import { Replicas } from "./replicas.ts";
import { Rounds } from "./rounds.ts";

/** `FAILOVER_SEED=$RANDOM` takes another order; `make soak` runs it at full length. */
const isLong = process.env.PAWL_SOAK === "1";
const seed = wholeNumberFrom("FAILOVER_SEED", 20_261_121);
const kills = wholeNumberFrom("FAILOVER_KILLS", isLong ? 100 : 3);
const freezes = wholeNumberFrom("FAILOVER_FREEZES", isLong ? 16 : 2);

const bench = useBench({ operator: false, audit: true });

test("whenever a leader is killed or frozen, nothing is lost, nothing falsely fixed, nothing told twice", async () => {
  console.info(`FAILOVER_SEED=${seed} FAILOVER_KILLS=${kills} FAILOVER_FREEZES=${freezes}`);
  const random = seededRandom(seed);
  await using replicas = new Replicas(bench);
  await replicas.start();

  const killed = new Rounds(bench, "killed", kills);
  await killed.begin();
  const killPoints = writePoints(random, ["before", "after"]);
  for (let kill = 1; kill <= kills; kill++)
    await killAt(
      { bench, replicas, rounds: killed },
      killPoints.next().value,
      kill % 10 === 1 ? "runs out" : "released",
    );

  const frozen = new Rounds(bench, "frozen", freezes);
  await frozen.begin();
  // What is held before it has reached the API server comes when another one leads.
  const freezePoints = writePoints(random, isLong ? ["before", "after"] : ["before"]);
  for (let freeze = 1; freeze <= freezes; freeze++)
    await freezeAt(
      { bench, replicas, rounds: frozen },
      freezePoints.next().value,
      freeze % 10 === 0 ? "runs out" : "released",
    );

  const audited = bench.audited();
  expect(terms(audited).size).toBe(kills + freezes + 1);
  expect(overwritten(audited)).toEqual([]);
  expect(createdTwice(audited)).toEqual([]);
});
