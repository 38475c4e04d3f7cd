import manifest from "../../package.json" with { type: "json" };
import { code, table } from "../generators/markdown.ts";
import { type JsonSchema, leaves } from "./values-file.ts";

/** The chart's README: how to install it, and every value. */
export function readmeOf(schema: JsonSchema): string {
  return `${[
    "# The Helm chart of Pawl",
    `${manifest.description}. For Helm 3 and 4, and Kubernetes 1.34 or newer. One installation a cluster.`,
    "```sh\nhelm install pawl ./chart --namespace pawl-system --create-namespace --set clusterName=prod-eu\n```",
    "It makes a Policy with the pack `recommended`, so a minute later `kubectl get scanreports -A` shows every namespace with its debt. `kubectl apply -k config/default` makes the same objects without Helm. `docs/install.md` tells the rest.",
    "The CustomResourceDefinitions come with the chart and are upgraded with it; they stay when it is uninstalled, and with them all baselines.",
    "## Values",
    "A value that stands in no row is refused, with its name.",
    table(
      ["Value", "Default", "What it does"],
      leaves(schema).map(({ path, description, default: text }) => [
        code(path),
        code(JSON.stringify(text)),
        description,
      ]),
    ),
  ].join("\n\n")}\n`;
}
