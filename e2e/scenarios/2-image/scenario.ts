import assert from "node:assert/strict";
import { freePort } from "../../../tools/control-plane/ports.ts";
import { type Cluster, eventually } from "../../cluster/cluster.ts";
import { docker, pawl } from "../../cluster/container.ts";
import type { Scenario } from "../../scenario.ts";

const readyWithinMs = 2_000;
/** The one in the middle counts: what else a machine does in a moment says nothing about the image. */
const starts = 5;
/** Over the base: Node, the bundle and nothing else. */
const mostBytes = 200e6;

export const image: Scenario = {
  name: "the image runs without rights on a root that it cannot write, is small, and is soon ready",
  async run(cluster, tell) {
    const bytes = await ownBytes(cluster.image);
    tell(`the image adds ${(bytes / 1e6).toFixed(0)} MB to its base`);
    assert.ok(bytes >= 50e6, `${bytes} bytes: Node is not among them`);
    assert.ok(bytes <= mostBytes, `${bytes} bytes over its base`);
    const times: number[] = [];
    for (let start = 0; start < starts; start++) times.push(await untilReady(cluster));
    tell(`ready ${times.join(", ")} ms after ${starts} starts`);
    const median = times.toSorted((a, b) => a - b)[Math.floor(starts / 2)] ?? Number.POSITIVE_INFINITY;
    assert.ok(median <= readyWithinMs, `ready after ${times.join(", ")} ms`);
  },
};

/** The sum of the layers that the Dockerfile's last stage makes: all that were made by another step than the base's. */
async function ownBytes(name: string): Promise<number> {
  const history = await docker("history", "--no-trunc", "--human=false", "--format", "{{.Size}}\t{{.CreatedBy}}", name);
  const layers = history.split("\n").map((line) => line.split("\t"));
  return layers
    .filter(([, by = ""]) => /COPY|ADD|RUN/.test(by) && /\/opt\/pawl|\/usr\/local\/bin\/node/.test(by))
    .reduce((sum, [size = "0"]) => sum + Number(size), 0);
}

/** One replica more, beside those of the chart: it stands by, and that is all that readiness asks for. */
async function untilReady(cluster: Cluster): Promise<number> {
  const [metrics, health] = [await freePort(), await freePort()];
  const addresses = [`--metrics-address=127.0.0.1:${metrics}`, `--health-address=127.0.0.1:${health}`];
  const container = await docker("create", ...(await pawl(cluster, "operator", ...addresses)));
  try {
    await docker("start", container);
    const started = performance.now();
    await eventually(
      "readiness",
      30_000,
      async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).status,
      (status) => status === 200,
      50,
    );
    return Math.round(performance.now() - started);
  } finally {
    await docker("rm", "--force", container);
  }
}
