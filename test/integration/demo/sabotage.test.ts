import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectations } from "../../../tools/demo/expectations.ts";
import { waitFor } from "../cluster.ts";
import { RunningDemo } from "./run-demo.ts";

const silentOperator = fileURLToPath(new URL("../../demo/silent-operator.ts", import.meta.url));

describe("the demo, with an operator that writes nothing", () => {
  let failed: RunningDemo;

  beforeAll(async () => {
    failed = new RunningDemo(["--once", "--patience=10", `--operator=${silentOperator}`]);
    await failed.ended();
  });

  afterAll(async () => {
    await failed[Symbol.asyncDispose]();
  });

  test("fails within its patience and says which expectation was not met", async () => {
    expect(await failed.ended(), failed.output).toBe(1);
    expect(failed.output).toContain(`✓ ${expectations.operatorReady}`);
    expect(failed.output).toContain(`✗ ${expectations.policyReady}`);
    expect(failed.output).toContain("last seen: a Policy without status");
    expect(failed.output).toContain(`– ${expectations.newIsNew} (not reached)`);
  });

  test("shows the end of the operator's log, keeps the log and nothing else", async () => {
    expect(failed.output).toContain("the silent operator says that it is ready");
    expect(failed.leftFiles()).toEqual([expect.stringMatching(/^pawl-demo-operator-\d+\.log$/)]);
    expect(await failed.leftProcesses()).toEqual([]);
  });

  test("takes everything down at Ctrl-C", async () => {
    await using demo = new RunningDemo(["--patience=600", `--operator=${silentOperator}`]);
    await waitFor(() => demo.output.includes("policy.pawl.dev/production created"), {
      describe: "the demo to wait for its Policy",
      timeoutMs: 60_000,
    });
    demo.interrupt();
    expect(await demo.ended(), demo.output).toBe(130);
    expect(demo.leftFiles()).toEqual([]);
    expect(await demo.leftProcesses()).toEqual([]);
  });

  test("leaves nothing behind when it is killed", async () => {
    await using demo = new RunningDemo(["--patience=600", `--operator=${silentOperator}`]);
    await waitFor(() => demo.output.includes("policy.pawl.dev/production created"), {
      describe: "the demo to wait for its Policy",
      timeoutMs: 60_000,
    });
    demo.kill();
    await waitFor(async () => demo.leftFiles().length === 0 && (await demo.leftProcesses()).length === 0, {
      describe: "its files and processes to be gone",
    });
  });
});

describe("the demo, with an operator that ends at once", () => {
  test("fails without waiting and shows why", async () => {
    await using demo = new RunningDemo(["--once", "--patience=600", "--operator=test/demo/no-such-program.ts"]);
    expect(await demo.ended(), demo.output).toBe(1);
    expect(demo.output).toContain(`✗ ${expectations.operatorReady}`);
    expect(demo.output).toContain("the operator ended by itself: status 1");
    expect(demo.output).toContain("Cannot find module");
  });
});
