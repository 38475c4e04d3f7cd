import { z } from "zod";
import { type PatchOperation, pointerTo } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import type { ContainerView } from "../../engine/views/container.ts";
import { listAt, textAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "no-duplicate-env",
  revision: 1,
  title: "Each variable of a container is set once",
  category: "metadata",
  severity: "Medium",
  kinds: "workloads",
  why: "The last entry wins and the others do nothing, so the value that a reader finds first is not the one that runs. A client-side apply may drop entries with the same name, also the wrong one.",
  fix: "Keep the entry that is meant and remove the others.",
  packs: { strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/"],
  params: z.strictObject({}),
  messages: {
    again: "Container {container} sets {variable} again, by entry {nth} of that name; the last one wins",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      for (const [name, places] of repeated(container)) {
        for (let nth = 2; nth <= places.length; nth++)
          report("again", {
            path: container.at("env", { name }),
            data: { container: container.name, variable: printable(name), nth },
          });
      }
    }
  },
  autofix({ resource }) {
    return (resource.podSpec?.all ?? []).flatMap(withoutRepeated);
  },
});

/** Variables that are set more than once, with the indexes of their entries. */
function repeated(container: ContainerView): readonly (readonly [name: string, indexes: readonly number[]])[] {
  const env = listAt(container.fields, "env");
  if (env.length < 2 || new Set(env.map((entry) => textAt(entry, "name"))).size === env.length) return [];
  const places = new Map<string, number[]>();
  for (const [index, entry] of env.entries()) {
    const name = textAt(entry, "name");
    if (!name) continue;
    const known = places.get(name);
    if (known === undefined) places.set(name, [index]);
    else known.push(index);
  }
  return [...places].filter(([, indexes]) => indexes.length > 1);
}

/** Removes from the end, so that the indexes before stay what they are. */
function withoutRepeated(container: ContainerView): readonly PatchOperation[] {
  const values = listAt(container.fields, "env").map((entry) => textAt(entry, "value") ?? "");
  return (
    repeated(container)
      // What refers to the variable between two entries sees the earlier one.
      .filter(([name]) => !values.some((value) => value.includes(`$(${name})`)))
      .flatMap(([, indexes]) => indexes.slice(0, -1))
      .sort((a, b) => b - a)
      .map((index) => ({ op: "remove", path: pointerTo(container.pointer, "env", index) }))
  );
}
