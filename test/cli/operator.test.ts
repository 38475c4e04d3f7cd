import { describe, expect, it } from "vitest";
import type { Settings } from "../../src/settings/read-settings.ts";
import { type SettingDefinition, settingsTable } from "../../src/settings/table.ts";
import { runPawl } from "./run-pawl.ts";

/** Runs `pawl operator` and returns the settings that the operator was started with. */
async function settingsFrom(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Settings | undefined> {
  let started: Settings | undefined;
  const outcome = await runPawl(["operator", ...args], {
    env,
    runOperator: async (settings) => {
      started = settings;
    },
  });
  expect(outcome).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  return started;
}

describe("pawl operator", () => {
  it("starts the operator with settings from flags, environment and defaults", async () => {
    const env = { PAWL_CLUSTER_NAME: "blue", PAWL_LOG_LEVEL: "warn" };
    expect(await settingsFrom(["--log-level", "debug", "--health-address=127.0.0.1:9000"], env)).toMatchObject({
      clusterName: "blue",
      logLevel: "debug",
      healthAddress: { host: "127.0.0.1", port: 9000 },
      identity: "host-1a2b",
      seriesCap: 2000,
    });
  });

  it.each([
    [[], true],
    [["--leader-elect"], true],
    [["--leader-elect=false"], false],
    [["--leader-elect", "false"], false],
    [["--leader-elect", "--log-level", "info"], true],
  ])("reads its switch from %j as %s", async (args, leaderElect) => {
    expect((await settingsFrom(args))?.leaderElect).toBe(leaderElect);
  });

  it("has a flag for every setting, and tells its default and its variables", async () => {
    const { stdout } = await runPawl(["operator", "--help"]);
    const help = stdout.replace(/\s+/g, " ");
    for (const { flag, description, env, default: text, isSwitch } of Object.values<SettingDefinition>(settingsTable)) {
      const details = text === undefined ? `(env: ${env.join(", ")})` : `(default: ${text}; env: ${env.join(", ")})`;
      expect(help).toContain(` --${flag} ${isSwitch ? "[value]" : "<value>"} ${description} ${details} -`);
    }
  });

  it("names every wrong setting at once and starts nothing", async () => {
    let started = false;
    const outcome = await runPawl(["operator", "--series-cap", "many"], {
      env: { PAWL_LOG_LEVEL: "loud" },
      runOperator: async () => {
        started = true;
      },
    });
    expect(started).toBe(false);
    expect(outcome).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        'pawl operator: PAWL_LOG_LEVEL is "loud", but must be debug, info, warn or error; ' +
        '--series-cap is "many", but must be a whole number from 24 to 1000000; ' +
        "run 'pawl operator --help' for help\n",
    });
  });

  it("hands the signal on, and ends when the operator has", async () => {
    const controller = new AbortController();
    const outcome = runPawl(["operator"], {
      signal: controller.signal,
      runOperator: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    });
    controller.abort();
    expect((await outcome).exitCode).toBe(0);
  });
});
