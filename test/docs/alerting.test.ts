import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { values } from "../../tools/chart/values.ts";
import { alerts } from "../../tools/observability/alerts.ts";
import { exampleFile } from "./examples.ts";
import { guides, root } from "./pages.ts";

const guide = "docs/guides/alerting.md";

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly name: string; readonly ports: readonly { readonly name: string }[] }[];
      };
    };
  };
}

test("the values for Datadog are values of the chart, and ask the operator's container at its port of metrics", () => {
  const { podAnnotations } = values.parse(load(exampleFile(guide, "values.yaml")));
  const deployment = load(readFileSync(join(root, "config/operator/deployment.yaml"), "utf8")) as Deployment;
  const [container] = deployment.spec.template.spec.containers;

  expect(Object.keys(podAnnotations)).toEqual([`ad.datadoghq.com/${container?.name}.checks`]);
  expect(container?.ports.map(({ name }) => name)).toContain("metrics");
  expect(Object.values(podAnnotations).map((text) => JSON.parse(text))).toEqual([
    {
      openmetrics: {
        instances: [
          expect.objectContaining({
            openmetrics_endpoint: "http://%%host%%:%%port_metrics%%/metrics",
            namespace: "pawl",
            metrics: [".+"],
          }),
        ],
      },
    },
  ]);
});

test.each(["critical", "warning", "info"])("the guide names the alerts of severity %s", (severity) => {
  const page = guides.find(({ path }) => path === guide)?.text ?? "";
  const named = alerts.filter((alert) => alert.severity === severity).map(({ name }) => `\`${name}\``);

  expect(new RegExp(`^\\| \`${severity}\` \\| [^|]+ \\| (.+) \\|$`, "m").exec(page)?.[1]?.split(", ")).toEqual(named);
});
