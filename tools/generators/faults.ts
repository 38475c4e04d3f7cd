import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Generator } from "./generator.ts";
import { code, table } from "./markdown.ts";
import { fillSection } from "./section.ts";

const root = join(import.meta.dirname, "../..");
const page = "docs/operations.md";

/** Where faults are tested, and on what. */
const grounds: readonly { readonly folder: string; readonly title: string }[] = [
  { folder: "test/integration/faults", title: "On a real control plane" },
  { folder: "test/kube/faults", title: "On a fake API server that breaks its word on command" },
];

/** A fault that is tested, as the names of its tests say it. */
export interface TestedFault {
  /** `a watch that goes silent is opened anew` */
  readonly sentence: string;
  /** `pawl_watch_restarts_total{reason="silent"}` */
  readonly shownBy: string;
}

/** The table of faults in `docs/operations.md`, from the names of their tests. */
export const faults: Generator = {
  name: "faults",
  outputs: async () => {
    const parts = grounds.map(({ folder, title }) => `### ${title}\n\n${faultTable(folder)}`);
    const text = readFileSync(join(root, page), "utf8");
    const source = grounds.map(({ folder }) => folder).join(" and ");
    return new Map([[page, fillSection(text, "faults", source, parts.join("\n\n"))]]);
  },
};

/**
 * The tests of a file whose names end with what shows the fault, each in front of it the `describe` that it stands in.
 * @throws Error for a test whose name does not
 */
export function faultsIn(source: string): readonly TestedFault[] {
  const call = /^\s*(describe|fault|test|it)(?:\.\w+)*\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/gm;
  let subject = "";
  const found: TestedFault[] = [];
  for (const [, what, double, single] of source.matchAll(call)) {
    const name = double ?? single ?? "";
    if (what === "describe") {
      subject = name;
      continue;
    }
    const [, sentence, shownBy] = /^(.*), shown by (pawl_\S+)$/.exec(`${subject} ${name}`.trim()) ?? [];
    if (sentence === undefined || shownBy === undefined)
      throw new Error(`${name}: the name of a fault's test ends with ", shown by" and a metric`);
    found.push({ sentence, shownBy });
  }
  return found;
}

function faultTable(folder: string): string {
  const path = join(root, folder);
  const files = (existsSync(path) ? readdirSync(path) : []).filter((file) => file.endsWith(".test.ts")).sort();
  const rows = files.flatMap((file) =>
    faultsIn(readFileSync(join(path, file), "utf8")).map(({ sentence, shownBy }) => [
      `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`,
      code(shownBy),
      `[${file.replace(/\.test\.ts$/, "")}](../${folder}/${file})`,
    ]),
  );
  return table(["What happens, and what Pawl does", "Shown by", "Tested in"], rows);
}
