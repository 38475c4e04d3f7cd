import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  PartFailedError,
  type PartSpec,
  PortTakenError,
  SupervisedPart,
  type Supervisor,
} from "../../tools/control-plane/part.ts";
import { freePort } from "../../tools/control-plane/ports.ts";
import { Supervision } from "../../tools/control-plane/supervision.ts";

let supervision: Supervision;
let parts: SupervisedPart[];
let said: string[];

beforeEach(async () => {
  [parts, said] = [[], []];
  supervision = await Supervision.launch({}, (exit) => {
    for (const part of parts) part.exited(exit);
  });
});

afterEach(() => supervision.end(0));

/** A shell script in the place of etcd. */
async function partOf(
  script: string,
  spec: Partial<PartSpec> = {},
  supervisor: Supervisor = supervision,
): Promise<SupervisedPart> {
  const part = new SupervisedPart(
    {
      name: "etcd",
      command: "sh",
      args: ["-c", script],
      port: await freePort(),
      logFile: join(supervision.dir, "etcd.log"),
      probe: () => Promise.resolve(),
      ...spec,
    },
    supervisor,
    (line) => said.push(line),
  );
  parts.push(part);
  return part;
}

const never = () => Promise.reject(new Error("not serving"));

describe("a part", () => {
  test("is started once its probe succeeds", async () => {
    let probes = 0;
    const part = await partOf("exec sleep 60", { probe: () => (++probes < 3 ? never() : Promise.resolve()) });
    await part.start();
    expect(probes).toBe(3);
    expect(part.pid).toBeDefined();
  });

  test("that runs already is left alone by a start, and one that is down by a stop", async () => {
    const part = await partOf("exec sleep 60");
    await part.start();
    const { pid } = part;
    await part.start();
    expect(part.pid).toBe(pid);
    await part.stop();
    await part.stop();
    expect(part.pid).toBeUndefined();
    expect(said).toEqual([]);
  });

  test("that ends before it is ready fails with the end of its log", async () => {
    const part = await partOf("echo cannot open the database; exit 3", { probe: never });
    const started = part.start();
    await expect(started).rejects.toThrow(PartFailedError);
    await expect(started).rejects.toThrow("etcd ended before it was ready\ncannot open the database");
  });

  test("whose end is told in one breath with its start fails as well", async () => {
    const fakeSupervision: Supervisor = {
      start: async () => {
        part.exited({ notice: "exit", part: "etcd", pid: 42, code: 3, signal: null });
        return 42;
      },
      stop: never,
      signal: never,
    };
    const part = await partOf("", { probe: never }, fakeSupervision);
    await expect(part.start()).rejects.toThrow("etcd ended before it was ready");
    expect(said).toEqual([expect.stringContaining("etcd ended by itself (code 3)")]);
  });

  test("whose port somebody else has fails as such, at once", async () => {
    const other = createServer();
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const part = await partOf("exec sleep 60", { port: (other.address() as AddressInfo).port });
    await expect(part.start()).rejects.toThrow(PortTakenError);
    other.close();
  });

  test("that loses its port to a race while it starts fails as such", async () => {
    const other = createServer();
    const port = await freePort();
    // Taken after the part has looked, before it would listen: the first probe is between the two.
    const probe = async () => {
      if (!other.listening) other.listen(port, "127.0.0.1");
      await never();
    };
    const started = (await partOf("exec sleep 60", { port, probe })).start();
    await once(other, "listening");
    await supervision.stop("etcd", 0);
    await expect(started).rejects.toThrow(PortTakenError);
    other.close();
  });

  test("that ends by itself later is told about", async () => {
    const part = await partOf("exec sleep 60");
    await part.start();
    process.kill(part.pid ?? 0, "SIGTERM");
    await expect.poll(() => said, { timeout: 30_000 }).toEqual([`etcd ended by itself (SIGTERM), see ${part.logFile}`]);
    expect(part.pid).toBeUndefined();
  });
});
