import { type FactsByKind, projections, workloadFacts } from "../../src/engine/facts/index.ts";
import type { Inventory } from "../../src/engine/inventory.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import { coversKind } from "../../src/engine/kind-scope.ts";
import { ledgerNamespace } from "../../src/engine/match.ts";
import type { KindName } from "../../src/engine/resource.ts";
import type { Namespaces, Rule } from "../../src/engine/rule.ts";
import { type ResourceView, viewResource } from "../../src/engine/views/resource-view.ts";
import type { Fixture } from "./harness.ts";

/** Namespaces that an inventory rule reads about the fixture's objects, and does not say so; `*` stands for all at once. */
export function unsaidNamespaces(rule: Rule, fixture: Fixture): readonly string[] {
  if (rule.scope !== "inventory") return [];
  const views = viewsOf(fixture);
  const params: unknown = rule.params.parse(fixture.params);
  const context = { release: fixture.release };
  return views
    .filter(({ kindName }) => coversKind(rule.kinds, kindName))
    .flatMap((resource) => {
      const subject: unknown = rule.collect({ resource, params, context });
      const own = ledgerNamespace(resource.id);
      // What has no namespace is looked at again whatever changes.
      if (subject === undefined || own === undefined) return [];
      const said: Namespaces = rule.elsewhere?.(subject) ?? [];
      const { inventory, read } = recording(views);
      rule.check({ id: resource.id, subject, inventory, params, context, report: () => undefined });
      return [...read].filter((one) => one !== own && one !== "" && said !== "all" && !said.includes(one));
    });
}

function viewsOf({ objects }: Fixture): readonly ResourceView[] {
  return objects.flatMap((object) => viewResource(object) ?? []);
}

/** The inventory of these objects, and the namespaces that were asked for: `*` stands for all at once. */
function recording(views: readonly ResourceView[]) {
  const store = new InventoryStore();
  for (const view of views) {
    if (view.isWorkload) store.upsert(workloadFacts(view));
    else if (isProjected(view.kindName)) store.upsert(projections[view.kindName](view));
  }
  const read = new Set<string>();
  const inventory: Inventory = {
    list: (kind, namespace) => store.list(kind, note(namespace)),
    get: (kind, namespace, name) => store.get(kind, note(namespace), name),
    workloads: (namespace) => store.workloads(note(namespace)),
    workload: (id) => store.workload({ ...id, namespace: note(id.namespace) }),
    all: (kind) => {
      note("*");
      return store.all(kind);
    },
    allWorkloads: () => {
      note("*");
      return store.allWorkloads();
    },
  };
  function note(namespace: string): string {
    read.add(namespace);
    return namespace;
  }
  return { inventory, read };
}

function isProjected(kind: KindName): kind is keyof FactsByKind {
  return Object.hasOwn(projections, kind);
}
