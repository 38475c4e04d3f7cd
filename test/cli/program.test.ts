import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { runPawl } from "./run-pawl.ts";

describe("pawl", () => {
  it.each([[[]], [["--help"]], [["-h"]], [["help"]]])("prints its help on stdout for %j", async (args) => {
    const { exitCode, stdout, stderr } = await runPawl(args);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage: pawl [options] [command]");
    expect(stdout).toMatch(/^ {2}version +Print the version$/m);
    expect(stdout).toMatch(/^ {2}operator .*Run the operator$/m);
  });

  it.each([[["operator", "--help"]], [["help", "operator"]]])(
    "prints the help of a command on stdout for %j",
    async (args) => {
      const { exitCode, stdout, stderr } = await runPawl(args);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("Usage: pawl operator [options]");
    },
  );

  it.each([[["--version"]], [["-V"]], [["version"]]])("prints its version on stdout for %j", async (args) => {
    expect(await runPawl(args)).toEqual({ exitCode: 0, stdout: "pawl 1.2.3\n", stderr: "" });
  });

  it.each([
    [["verison"], "pawl: unknown command 'verison' (did you mean version?); run 'pawl --help' for help\n"],
    [["help", "verison"], "pawl: unknown command 'verison' (did you mean version?); run 'pawl --help' for help\n"],
    [["--hepl"], "pawl: unknown option '--hepl' (did you mean --help?); run 'pawl --help' for help\n"],
    [["frobnicate"], "pawl: unknown command 'frobnicate'; run 'pawl --help' for help\n"],
    [
      ["operator", "--log-lvel", "debug"],
      "pawl operator: unknown option '--log-lvel' (did you mean --log-level?); run 'pawl operator --help' for help\n",
    ],
    [
      ["operator", "--log-level"],
      "pawl operator: option '--log-level <value>' argument missing; run 'pawl operator --help' for help\n",
    ],
    [
      ["version", "please"],
      "pawl version: too many arguments for 'version'. Expected 0 arguments but got 1: please; run 'pawl version --help' for help\n",
    ],
  ])(
    "tells a wrong call %j in one line on stderr, with the nearest spelling and where help is",
    async (args, stderr) => {
      expect(await runPawl(args)).toEqual({ exitCode: exitCodes.usage, stdout: "", stderr });
    },
  );

  it("tells a failure with its causes in one line, without a stack", async () => {
    const cause = new AggregateError([
      new Error("connect ECONNREFUSED ::1:6443"),
      new Error("connect ECONNREFUSED 127.0.0.1:6443"),
    ]);
    const runOperator = () =>
      Promise.reject(new Error("The API server does not answer;\ncheck the kubeconfig", { cause }));
    expect(await runPawl(["operator"], { runOperator })).toEqual({
      exitCode: exitCodes.incomplete,
      stdout: "",
      stderr:
        "pawl operator: The API server does not answer; check the kubeconfig: connect ECONNREFUSED ::1:6443, connect ECONNREFUSED 127.0.0.1:6443\n",
    });
  });

  it("tells what a command throws that is no error", async () => {
    const runOperator = () => Promise.reject("gone");
    expect(await runPawl(["operator"], { runOperator })).toMatchObject({
      exitCode: 3,
      stderr: "pawl operator: gone\n",
    });
  });

  it("ends a circle of causes", async () => {
    const error = new Error("round");
    error.cause = new Error("and round", { cause: error });
    const { stderr } = await runPawl(["operator"], { runOperator: () => Promise.reject(error) });
    expect(stderr).toMatch(/^pawl operator: round: and round(: round: and round)*\n$/);
  });

  it("ends with the code that a command returns", async () => {
    const command = { name: "check", summary: "Check", run: () => Promise.resolve(exitCodes.incomplete) };
    expect(await runPawl(["check"], {}, [command])).toEqual({ exitCode: 3, stdout: "", stderr: "" });
  });

  it("lets any command say that it was called wrongly", async () => {
    const command = {
      name: "check",
      summary: "Check",
      run: () => Promise.reject(new UsageError("there is no policy here")),
    };
    expect(await runPawl(["check"], {}, [command])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "pawl check: there is no policy here; run 'pawl check --help' for help\n",
    });
  });
});
