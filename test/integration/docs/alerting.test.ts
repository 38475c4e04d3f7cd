import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sayOnStderr } from "../../../tools/control-plane/progress.ts";
import { findPrometheus } from "../../../tools/debian/prometheus.ts";
import { alerts } from "../../../tools/observability/alerts.ts";
import { exampleFile, examples } from "../../docs/examples.ts";

const guide = "docs/guides/alerting.md";

let folder: string;
let configuration: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pawl-alerting-"));
  configuration = join(folder, "alertmanager.yaml");
  writeFileSync(configuration, exampleFile(guide, "alertmanager.yaml"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(program: "promtool" | "amtool", ...args: readonly string[]): string {
  const path = findPrometheus(process.env, sayOnStderr, program);
  return execFileSync(path, args, { encoding: "utf8", stdio: "pipe", timeout: 150_000 });
}

test("Prometheus understands the rules that the guide adds", () => {
  const rules = examples.filter(({ at }) => at.startsWith(`${guide}:`)).flatMap(({ objects }) => objects);
  expect(rules.map(({ kind }) => kind)).toEqual(["PrometheusRule"]);
  for (const [nth, { spec }] of rules.entries()) {
    const file = join(folder, `rules-${nth}.yaml`);
    writeFileSync(file, dump(spec));
    expect(run("promtool", "check", "rules", file)).toContain("SUCCESS: 1 rules found");
  }
});

describe("the Alertmanager of the guide", () => {
  test("understands its configuration", () => {
    expect(run("amtool", "check-config", configuration)).toContain("SUCCESS");
  });

  const receivers = { critical: "platform-pager", warning: "platform-tickets", info: "platform-channel" };
  const ours = alerts.map(({ name, severity }) => [name, severity, receivers[severity]] as const);

  test.each(ours)("tells of %s, which is %s, %s", (name, severity, receiver) => {
    expect(told(`alertname=${name}`, `severity=${severity}`)).toBe(receiver);
  });

  test("tells a team of its own, and everybody else's by severity", () => {
    const labels = ["alertname=PawlTeamHasNewCritical", "severity=warning"];
    expect(told(...labels, "owner=payments")).toBe("payments-channel");
    expect(told(...labels, "owner=unowned")).toBe("platform-tickets");
  });

  test("leaves alerts of others where they went", () => {
    expect(told("alertname=KubePodCrashLooping", "severity=critical")).toBe("platform-channel");
  });
});

function told(...labels: readonly string[]): string {
  return run("amtool", "config", "routes", "test", `--config.file=${configuration}`, ...labels).trim();
}
