import { expect } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import type { Passing } from "../api-proxy.ts";
import { waitFor } from "../cluster.ts";
import type { Bench } from "../operator/bench.ts";
import type { Random } from "../seeded.ts";
import { conflictsOf } from "./audited-writes.ts";
import { holdAt, type Replicas, type WriteKind, type WritePoint, writeKinds } from "./replicas.ts";
import type { Rounds } from "./rounds.ts";

/** Points of every kind of write in a random order; one after the other, and again. */
export function* writePoints(
  random: Random,
  moments: readonly WritePoint["when"][],
): Generator<WritePoint, never, undefined> {
  const kinds = Object.keys(writeKinds) as WriteKind[];
  for (;;) {
    const left = kinds.flatMap((write) => moments.map((when) => ({ write, when })));
    while (left.length > 0)
      for (const point of left.splice(random(left.length), 1))
        yield { ...point, nth: 1 + random(writeKinds[point.write].most) };
  }
}

export interface Failover {
  readonly bench: Bench;
  readonly replicas: Replicas;
  readonly rounds: Rounds;
}

/** Kills the leader with -9 at a point, and looks at what its successor makes of it. */
export async function killAt({ replicas, rounds }: Failover, point: WritePoint, lease: "released" | "runs out") {
  console.info(`kill -9 ${nameOf(point)}`);
  await rounds.prepare();
  const { operator, proxy } = replicas.leader;
  const held = holdAt(proxy, point);
  await Promise.all([rounds.next(), held.reached]);

  await operator.kill();
  held.letGo("lose");

  expect(await replicas.succeed(lease)).toBeLessThan(20_000);
  await rounds.settled();
  await rounds.allToldOnce();
}

/**
 * Freezes the leader at a point, lets another one lead and do all that is to be done, and only then lets the writes of the frozen one go
 * on to the API server.
 */
export async function freezeAt(
  { bench, replicas, rounds }: Failover,
  point: WritePoint,
  lease: "released" | "runs out",
) {
  console.info(`SIGSTOP ${nameOf(point)}`);
  await rounds.prepare();
  const { operator, proxy } = replicas.leader;
  const held = holdAt(proxy, point);
  const [late] = await Promise.all([held.reached, rounds.next()]);

  await operator.signal("SIGSTOP");
  await replicas.succeed(lease);
  await rounds.settled();
  await rounds.allToldOnce();
  // A status comes after the first scan; until then there is nothing of the successor's that a late one could replace.
  await rounds.scanned();
  held.letGo("pass");
  await operator.signal("SIGCONT");

  expect(await operator.ended).toEqual({ code: exitCodes.incomplete, signal: null });
  // What was to be deleted may be gone already.
  if (point.when === "before" && late.method !== "DELETE")
    await waitFor(() => conflictsOf(bench.audited(), proxy.client).includes(nameOfWrite(late)), {
      describe: `the end of ${nameOfWrite(late)} in a conflict`,
    });
  await rounds.settled();
  await rounds.allToldOnce();
}

function nameOf({ when, write, nth }: WritePoint): string {
  return `${when} ${write}, number ${nth}`;
}

/** As the audit log names it. */
function nameOfWrite({ method, path, body }: Passing): string {
  const { pathname } = new URL(path, "https://kubernetes.example.com");
  const [, namespace = "-", resource = "", name] =
    /(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+?)(?:\/status)?)?$/.exec(pathname) ?? [];
  if (method !== "POST") return `${method === "PUT" ? "update" : "patch"} ${resource} ${namespace}/${name}`;
  const { metadata } = JSON.parse(body) as { readonly metadata: { readonly name: string } };
  return `create ${resource} ${namespace}/${metadata.name}`;
}
