import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { identify, isAlive } from "../../tools/control-plane/process-identity.ts";
import { type PartExit, Supervision, SupervisionError } from "../../tools/control-plane/supervision.ts";

/** Far longer than it ever takes: a loaded machine must not fail a test. */
const PATIENT = { timeout: 30_000, interval: 10 };

let exits: PartExit[];
let supervision: Supervision;

beforeEach(async () => {
  exits = [];
  supervision = await Supervision.launch({}, (exit) => exits.push(exit));
});

afterEach(() => supervision.end(0));

const log = (part: string) => join(supervision.dir, `${part}.log`);
const start = (part: string, script: string) => supervision.start(part, "sh", ["-c", script], log(part));
const SLEEPER = "exec sleep 60";
const STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done";

describe("a supervised process", () => {
  test("writes what it says into its log, over several runs", async () => {
    for (const word of ["first", "second"]) {
      await start("part", `echo ${word}; echo ${word} again >&2`);
      await expect.poll(() => exits.length, PATIENT).toBe(word === "first" ? 1 : 2);
    }
    expect(readFileSync(log("part"), "utf8")).toBe("first\nfirst again\nsecond\nsecond again\n");
  });

  test.skipIf(process.platform !== "linux")("leads a session of its own", async () => {
    const pid = await start("part", SLEEPER);
    const session = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[3];
    expect(Number(session)).toBe(pid);
  });

  test("sees nothing of its owner's environment but where to find things", async () => {
    await start("part", "env | sed 's/=.*//' | sort");
    await expect.poll(() => exits.length, PATIENT).toBe(1);
    const names = readFileSync(log("part"), "utf8").trim().split("\n");
    // PWD and its like are the shell's own.
    expect(names.filter((name) => !["_", "OLDPWD", "PWD", "SHLVL"].includes(name))).toEqual(["PATH", "TMPDIR"]);
  });

  test("ends on SIGTERM when it is stopped", async () => {
    const pid = await start("part", SLEEPER);
    await supervision.stop("part", 60_000);
    expect(isAlive({ pid })).toBe(false);
    expect(exits).toEqual([{ notice: "exit", part: "part", pid, code: null, signal: "SIGTERM" }]);
  });

  test("ends on SIGTERM when it is stopped while paused", async () => {
    await start("part", SLEEPER);
    await supervision.signal("part", "SIGSTOP");
    await supervision.stop("part", 60_000);
    expect(exits).toMatchObject([{ signal: "SIGTERM" }]);
  });

  test("that does not heed SIGTERM is killed", async () => {
    await start("part", STUBBORN);
    await expect.poll(() => readFileSync(log("part"), "utf8"), PATIENT).toBe("ready\n");
    await supervision.stop("part", 100);
    expect(exits).toMatchObject([{ signal: "SIGKILL" }]);
  });

  test("that cannot be started is an error", async () => {
    const started = supervision.start("part", "/no/such/command", [], log("part"));
    await expect(started).rejects.toThrow(SupervisionError);
    await expect(started).rejects.toThrow("ENOENT");
  });

  test("is not started twice", async () => {
    await start("part", SLEEPER);
    await expect(start("part", SLEEPER)).rejects.toThrow("part runs already");
  });
});

describe("the end of a supervisor", () => {
  test("is the end of all processes, newest first, and of the folder", async () => {
    const pids = [await start("older", SLEEPER), await start("newer", SLEEPER)];
    await supervision.end(60_000);
    expect(exits.map((exit) => exit.part)).toEqual(["newer", "older"]);
    expect(pids.map((pid) => isAlive({ pid }))).toEqual([false, false]);
    expect(existsSync(supervision.dir)).toBe(false);
    expect(isAlive({ pid: supervision.pid })).toBe(false);
  });

  test("leaves a folder that it was given", async () => {
    const dir = mkdtempSync(join(tmpdir(), "pawl-kept-"));
    const keeping = await Supervision.launch({ dir }, () => undefined);
    expect(keeping.dir).toBe(dir);
    await keeping.end(0);
    expect(existsSync(dir)).toBe(true);
    rmSync(dir, { recursive: true });
  });

  test("by SIGTERM is as complete", async () => {
    const pid = await start("part", SLEEPER);
    const supervisor = identify(supervision.pid);
    process.kill(supervision.pid, "SIGTERM");
    await expect.poll(() => isAlive(supervisor), PATIENT).toBe(false);
    expect(isAlive({ pid })).toBe(false);
    expect(existsSync(supervision.dir)).toBe(false);
  });

  test("by SIGKILL is noticed by its owner, who ends the processes", async () => {
    const part = identify(await start("part", SLEEPER));
    process.kill(supervision.pid, "SIGKILL");
    await expect.poll(() => isAlive(part), PATIENT).toBe(false);
    await expect.poll(() => exits, PATIENT).toMatchObject([{ part: "part", signal: "SIGKILL" }]);
    expect(existsSync(supervision.dir)).toBe(false);
    await expect(start("part", SLEEPER)).rejects.toThrow("the supervisor is gone");
  });

  test("may be asked for again", async () => {
    await supervision.end(0);
    await expect(supervision.end(0)).resolves.toBeUndefined();
  });
});
