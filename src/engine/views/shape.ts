import { hash64 } from "../values/hash.ts";
import { stableJson } from "../values/stable-json.ts";
import type { ContainerView } from "./container.ts";
import { valueAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/**
 * Recognises an object after it was renamed (docs/ledger.md section 6): for a workload the hash of its sorted image
 * repositories, so that a new tag changes nothing; for what runs no images the hash of its spec, or of all but its
 * identity where it has none (ConfigMap, Role).
 */
export function shape(view: ResourceView): string {
  const images = view.podSpec?.spec.map(repositoryOf).filter((image) => image !== undefined) ?? [];
  if (images.length > 0) return hash64(JSON.stringify(images.sort()));
  return hash64(stableJson(valueAt(view.object, "spec") ?? content(view)));
}

function repositoryOf({ image, imageReference }: ContainerView): string | undefined {
  return imageReference?.repository ?? image;
}

const identity: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata", "status"]);

function content(view: ResourceView): unknown {
  return Object.fromEntries(Object.entries(view.object).filter(([name]) => !identity.has(name)));
}
