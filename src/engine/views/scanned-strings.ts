import { type Fields, fieldsAt, isFields, textAt } from "./fields.ts";
import { mergeKeysOf } from "./merge-keys.ts";
import { type Path, path, type Step } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";
import { templatePath } from "./workload-kinds.ts";

/** A string that an object holds. */
export interface ScannedString {
  readonly text: string;
  /** Where it stands; a list without merge key is one place. Built only when asked for. */
  path(): Path;
}

/** Nothing real is that deep: keeps hostile nesting from exhausting the stack. */
const maxDepth = 256;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Every string value at any depth; for env entries, data of ConfigMaps and annotations `name=value` instead, so that the
 * name can tell what the value is. Left out is what repeats or describes something else: status, managedFields, the
 * last-applied annotation, certificate bundles and the descriptions in CRD schemas. A Secret holds nothing to scan.
 */
export function scannedStrings(view: ResourceView): readonly ScannedString[] {
  if (view.kindName === "Secret") return [];
  const template = templatePath(view.kindName);
  const scan: Scan = {
    found: [],
    podSpec: template === undefined ? undefined : fieldsAt(view.object, ...template, "spec"),
    named: new Set([
      fieldsAt(view.object, "metadata", "annotations"),
      ...(template === undefined ? [] : [fieldsAt(view.object, ...template, "metadata", "annotations")]),
      ...(view.kindName === "ConfigMap" ? [fieldsAt(view.object, "data")] : []),
    ]),
    skipped: new Set(
      view.kindName === "CustomResourceDefinition.apiextensions.k8s.io"
        ? ["managedFields", "caBundle", "description"]
        : ["managedFields", "caBundle"],
    ),
  };
  const { status: _, ...written } = view.object;
  visitFields(written, undefined, 0, scan);
  return scan.found;
}

interface Scan {
  readonly found: ScannedString[];
  /** Its places are named without the way to it. */
  readonly podSpec: Fields | undefined;
  /** Mappings whose keys say what their values are. */
  readonly named: ReadonlySet<Fields | undefined>;
  readonly skipped: ReadonlySet<string>;
}

/** The way to a place, from the inside out. What lies in a list without merge key is all found at the list. */
interface Place {
  readonly step: Step;
  readonly outer: Place | undefined;
  readonly closed: boolean;
}

/** A string and where it stands; the path is put together from the inside out when it is asked for. */
class Found implements ScannedString {
  readonly text: string;
  readonly #step: string | undefined;
  readonly #outer: Place | undefined;

  /** @param step undefined: it stands at `outer` itself */
  constructor(text: string, outer: Place | undefined, step?: string) {
    this.text = text;
    this.#step = step;
    this.#outer = outer;
  }

  path(): Path {
    const steps: Step[] = this.#step === undefined || this.#outer?.closed ? [] : [this.#step];
    for (let at = this.#outer; at !== undefined; at = at.outer) steps.push(at.step);
    return path(...steps.reverse());
  }
}

function inside(place: Place | undefined, step: Step): Place {
  return place?.closed ? place : { step, outer: place, closed: false };
}

/** @param env name of the variable, where the fields are an entry of `env` */
function visitFields(fields: Fields, place: Place | undefined, depth: number, scan: Scan, env?: string): void {
  const outer = fields === scan.podSpec ? undefined : place;
  const named = scan.named.has(fields);
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === "string") {
      if (scan.skipped.has(name) || (named && name === lastApplied)) continue;
      const key = named ? name : name === "value" ? env : undefined;
      scan.found.push(new Found(key === undefined ? value : `${key}=${value}`, outer, name));
    } else if (typeof value === "object" && value !== null && !scan.skipped.has(name)) {
      const at = inside(outer, name);
      if (Array.isArray(value)) visitList(name, value, at, depth + 1, scan);
      else if (depth < maxDepth) visitFields(value as Fields, at, depth + 1, scan);
    }
  }
}

function visitList(name: string, list: readonly unknown[], place: Place, depth: number, scan: Scan): void {
  for (const element of list) {
    if (typeof element === "string") scan.found.push(new Found(element, place));
    else if (depth > maxDepth) continue;
    else if (Array.isArray(element)) visitList("", element, { ...place, closed: true }, depth + 1, scan);
    else if (isFields(element)) {
      const keys = mergeKeysOf(name, element);
      const at = keys === undefined ? { ...place, closed: true } : inside(place, keys);
      visitFields(element, at, depth + 1, scan, name === "env" ? (textAt(element, "name") ?? "") : undefined);
    }
  }
}
