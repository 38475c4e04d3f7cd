import { dump } from "js-yaml";

/** What `z.toJSONSchema` makes of the chart's values, as far as it is read here. */
export interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** One value that a person may set. */
export interface Leaf {
  /** `image.tag` */
  readonly path: string;
  readonly description: string;
  readonly default: unknown;
}

/** `values.yaml`: every value with its default and, above it, what it does. */
export function valuesFile(schema: JsonSchema): string {
  return `${blocks(schema, "").join("\n")}\n`;
}

function blocks(schema: JsonSchema, indent: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const comment = field.description === undefined ? [] : [`${indent}# ${field.description}`];
    if (field.properties !== undefined) return [...comment, `${indent}${name}:`, ...blocks(field, `${indent}  `)];
    if (!("default" in field)) return [];
    const text = dump({ [name]: field.default }, { lineWidth: 120, noRefs: true }).trimEnd();
    return [...comment, ...text.split("\n").map((line) => indent + line)];
  });
}

/** Every value with a default, in the order of the file. */
export function leaves(schema: JsonSchema, prefix = ""): Leaf[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    if (field.properties !== undefined) return leaves(field, path);
    return "default" in field ? [{ path, description: field.description ?? "", default: field.default }] : [];
  });
}
