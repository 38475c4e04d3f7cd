/**
 * Tells which rights of config/rbac no operator has made use of: `node tools/used-rights.ts FILE`, where FILE is what a whole run of the
 * integration tests has noted (PAWL_USED_RIGHTS). A right that is not used is not granted, or stands below with its reason.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";

interface Role {
  readonly kind: string;
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const asInNamespaces =
  "what namespaces use; in the cluster's own report it takes over 128 KiB of violations, or its end";

/** What a run on one API server does not use: by `group/resource verb`, or a group alone. */
const excused: Readonly<Record<string, string>> = {
  "pawl.dev/clusterscanreportparts get": asInNamespaces,
  "pawl.dev/clusterscanreportparts create": asInNamespaces,
  "pawl.dev/clusterscanreportparts update": asInNamespaces,
  "pawl.dev/clusterscanreportparts delete": asInNamespaces,
  "pawl.dev/clusterscanreports delete": asInNamespaces,
  extensions: "no API server that is supported serves it; objects of clusters that still do are judged",
};

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node tools/used-rights.ts FILE");
  process.exitCode = 2;
} else {
  const used = new Set(readFileSync(file, "utf8").split("\n"));
  const rights = granted();
  const unused = rights.filter((right) => !used.has(right));
  const left = unused.filter(
    (right) => excused[right] === undefined && excused[right.split("/")[0] ?? ""] === undefined,
  );
  for (const right of left) console.error(`granted, but used by no test: ${right}`);
  console.log(
    `${rights.length - unused.length} of ${rights.length} granted rights were used, ${unused.length - left.length} are excused`,
  );
  process.exitCode = left.length === 0 ? 0 : 1;
}

/** Sorted. Roles for people are not the operator's. */
function granted(): readonly string[] {
  const folder = join(import.meta.dirname, "../config/rbac");
  const files = globSync(["*.yaml", "optional/*.yaml"], { cwd: folder }).filter((name) => name !== "users.yaml");
  const roles = files.flatMap((name) => loadAll(readFileSync(join(folder, name), "utf8")) as Role[]);
  const rules = roles.flatMap(({ rules = [] }) => rules);
  const rights = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );
  return [...new Set(rights)].sort();
}
