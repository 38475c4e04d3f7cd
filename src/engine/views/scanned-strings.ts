import { type Fields, fieldsAt, isFields, textAt, valueBelow } from "./fields.ts";
import { mergeKeysOf } from "./merge-keys.ts";
import { type MergeKeys, type Path, path, type Step } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";
import { templatePath } from "./workload-kinds.ts";

/** A string that an object holds. */
export interface ScannedString {
  readonly text: string;
  /** Where it stands; a list without merge key is one place. */
  readonly path: Path;
}

/** Nothing real is that deep: keeps hostile nesting from exhausting the stack. */
const maxDepth = 256;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The string values at any depth; for env entries, data of ConfigMaps and annotations `name=value` instead, so that the
 * name can tell what the value is. Left out is what repeats or describes something else: status, managedFields, the
 * last-applied annotation, certificate bundles and the descriptions in CRD schemas. A Secret holds nothing to scan.
 * @param isWanted what neither name nor value is wanted for is left out: nearly every string there is, and without cost
 * @param minLength shorter strings are left out unasked, but for those that have a name
 */
export function scannedStrings(
  view: ResourceView,
  isWanted: (text: string) => boolean,
  minLength = 0,
): readonly ScannedString[] {
  if (view.kindName === "Secret") return [];
  const scan = new Scan(view, isWanted, minLength);
  scan.visit(view.object);
  return scan.found;
}

/**
 * The way to where the scan is, from the outside in: names of fields, and elements of lists as they are. Their merge keys are read
 * when a path is asked for.
 */
type Way = (string | Fields | typeof nestedList)[];

const nestedList = Symbol("a list in a list");

class Scan {
  readonly found: ScannedString[] = [];
  readonly #isWanted: (text: string) => boolean;
  readonly #minLength: number;
  readonly #status: unknown;
  readonly #podSpec: Fields | undefined;
  // Mappings whose keys say what their values are.
  readonly #annotations: Fields | undefined;
  readonly #templateAnnotations: Fields | undefined;
  readonly #data: Fields | undefined;
  readonly #skipsDescriptions: boolean;
  readonly #way: Way = [];
  /** How much of the way leads to the pod spec: its places are named without that. */
  #outside = 0;

  constructor({ object, kindName }: ResourceView, isWanted: (text: string) => boolean, minLength: number) {
    const template = templatePath(kindName);
    this.#isWanted = isWanted;
    this.#minLength = minLength;
    this.#status = object.status;
    this.#podSpec = template === undefined ? undefined : fieldsAt(valueBelow(object, template), "spec");
    this.#annotations = fieldsAt(object, "metadata", "annotations");
    this.#templateAnnotations =
      template === undefined ? undefined : fieldsAt(valueBelow(object, template), "metadata", "annotations");
    this.#data = kindName === "ConfigMap" ? fieldsAt(object, "data") : undefined;
    this.#skipsDescriptions = kindName === "CustomResourceDefinition.apiextensions.k8s.io";
  }

  /** @param env the entry of `env` that the fields are */
  visit(fields: Fields, env?: Fields): void {
    if (fields === this.#podSpec) this.#outside = this.#way.length;
    const named = fields === this.#annotations || fields === this.#templateAnnotations || fields === this.#data;
    for (const name in fields) {
      const value = fields[name];
      if (typeof value === "string") {
        if (this.#skips(name) || (named && name === lastApplied)) continue;
        if (named) this.#take(name, value, name);
        else if (env !== undefined && name === "value") this.#take(name, value, textAt(env, "name") ?? "");
        else if (value.length >= this.#minLength && this.#isWanted(value)) this.#add(value, name);
      } else if (typeof value === "object" && value !== null && value !== this.#status && !this.#skips(name)) {
        this.#way.push(name);
        if (Array.isArray(value)) this.#visitList(name, value);
        else if (this.#way.length < maxDepth) this.visit(value as Fields);
        this.#way.pop();
      }
    }
    if (fields === this.#podSpec) this.#outside = 0;
  }

  #visitList(name: string | undefined, list: readonly unknown[]): void {
    for (const element of list) {
      if (typeof element === "string") {
        if (element.length >= this.#minLength && this.#isWanted(element)) this.#add(element);
      } else if (typeof element === "object" && element !== null && this.#way.length < maxDepth) {
        this.#way.push(isFields(element) ? element : nestedList);
        if (Array.isArray(element)) this.#visitList(undefined, element);
        else this.visit(element as Fields, name === "env" ? (element as Fields) : undefined);
        this.#way.pop();
      }
    }
  }

  #skips(name: string): boolean {
    return name === "managedFields" || name === "caBundle" || (this.#skipsDescriptions && name === "description");
  }

  /** Of what has a name either may be wanted; they are put together only then. */
  #take(field: string, value: string, name: string): void {
    if (this.#isWanted(value) || this.#isWanted(name)) this.#add(`${name}=${value}`, field);
  }

  #add(text: string, field?: string): void {
    const steps: Step[] = [];
    const way = field === undefined ? this.#way : [...this.#way, field];
    for (const [at, step] of way.entries()) {
      if (at < this.#outside) continue;
      const outer = at === 0 ? undefined : way[at - 1];
      const one = typeof step === "string" ? step : keysOf(outer, step);
      // What lies in a list without merge key is all found at the list.
      if (one === undefined) break;
      steps.push(one);
    }
    this.found.push({ text, path: path(...steps) });
  }
}

function keysOf(list: Way[number] | undefined, element: Exclude<Way[number], string>): MergeKeys | undefined {
  return typeof list === "string" && element !== nestedList ? mergeKeysOf(list, element) : undefined;
}
