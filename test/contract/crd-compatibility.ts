/** What of a schema decides which objects the API server takes and keeps. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string }[];
  readonly [field: string]: unknown;
}

const upper = ["maxLength", "maxItems", "maxProperties", "maximum"] as const;
const lower = ["minLength", "minItems", "minProperties", "minimum"] as const;

/**
 * Why an object that `old` takes may be refused or cut by `next`: one line for each field that is gone or narrower, by its path. Patterns and
 * rules that differ count as narrower, because nobody can tell.
 */
export function narrowed(old: Schema, next: Schema, path = ""): readonly string[] {
  const at = path === "" ? "the object" : path;
  const lines: string[] = [];
  const say = (line: string) => void lines.push(`${at}: ${line}`);
  if (old.type !== next.type) say(`type ${old.type} became ${next.type}`);
  for (const name of next.required ?? []) if (!(old.required ?? []).includes(name)) say(`${name} became required`);
  if (next.enum !== undefined) {
    const taken = next.enum;
    if (old.enum === undefined) say("an enumeration appeared");
    else for (const value of old.enum) if (!taken.includes(value)) say(`${JSON.stringify(value)} is taken no more`);
  }
  for (const name of ["pattern", "format"] as const)
    if (next[name] !== undefined && next[name] !== old[name]) say(`${name} ${old[name]} became ${next[name]}`);
  const rules = (old["x-kubernetes-validations"] ?? []).map(({ rule }) => rule);
  for (const { rule } of next["x-kubernetes-validations"] ?? [])
    if (!rules.includes(rule)) say(`the rule appeared: ${rule}`);
  for (const name of upper) {
    const [was = Number.POSITIVE_INFINITY, is = Number.POSITIVE_INFINITY] = [old[name], next[name]];
    if (is < was) say(`${name} fell from ${was} to ${is}`);
  }
  for (const name of lower) {
    const [was = Number.NEGATIVE_INFINITY, is = Number.NEGATIVE_INFINITY] = [old[name], next[name]];
    if (is > was) say(`${name} rose from ${was} to ${is}`);
  }
  for (const [name, field] of Object.entries(old.properties ?? {})) {
    const now = next.properties?.[name];
    const below = path === "" ? name : `${path}.${name}`;
    if (now === undefined) lines.push(`${below}: is gone`);
    else lines.push(...narrowed(field, now, below));
  }
  if (old.items !== undefined && next.items !== undefined) lines.push(...narrowed(old.items, next.items, `${path}[]`));
  if (typeof old.additionalProperties === "object" && typeof next.additionalProperties === "object")
    lines.push(...narrowed(old.additionalProperties, next.additionalProperties, `${path}.*`));
  return lines;
}
