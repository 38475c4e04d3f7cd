import { code } from "./markdown.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** Fields of the object itself that every kind has and every reader knows. */
const ofEveryKind = new Set(["apiVersion", "kind", "metadata"]);

/** A row per field, at any depth: path, type, default, description with limits. */
export function fieldRows(schema: StructuralSchema): string[][] {
  return [...walk(schema, "")].map(({ path, node, required }) => [
    code(path),
    typeText(node),
    node.default === undefined || isEmptyObject(node.default) ? "" : code(JSON.stringify(node.default)),
    [node.description, ...limits(node), required ? "Required." : ""].filter((part) => part !== "").join(" "),
  ]);
}

/** List items of what the API server checks in whole objects: path and message. */
export function crossFieldChecks(schema: StructuralSchema): string[] {
  const nodes = [{ path: "", node: schema }, ...walk(schema, "")].flatMap(({ path, node }) =>
    node.items === undefined ? [{ path, node }] : [{ path: `${path}[]`, node: node.items }],
  );
  return nodes
    .filter(({ node }) => node.type === "object")
    .flatMap(({ path, node }) =>
      messages(node).map((message) => `- ${path === "" ? "" : `${code(path)}: `}${message}`),
    );
}

interface Place {
  readonly path: string;
  readonly node: StructuralSchema;
  readonly required: boolean;
}

function* walk(schema: StructuralSchema, path: string): Generator<Place> {
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    if (path === "" && ofEveryKind.has(name)) continue;
    const at = path === "" ? name : `${path}.${name}`;
    yield { path: at, node, required: schema.required?.includes(name) === true };
    yield* walk(node, at);
  }
  if (schema.items !== undefined) yield* walk(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) yield* walk(schema.additionalProperties, `${path}.*`);
}

function typeText(node: StructuralSchema): string {
  if (node.items !== undefined) return `list of ${node.items.type}s`;
  if (node.additionalProperties !== undefined) return `map to ${node.additionalProperties.type}s`;
  const format = node.format;
  return typeof format === "string" ? format : node.type;
}

function limits(node: StructuralSchema): string[] {
  const { enum: values, maxLength, maxItems, minItems, maxProperties } = node;
  return [
    Array.isArray(values) && values.length > 1
      ? `One of ${values.map((value) => code(String(value))).join(", ")}.`
      : "",
    typeof minItems === "number" ? `At least ${minItems}.` : "",
    typeof maxItems === "number" ? `At most ${maxItems}.` : "",
    typeof maxProperties === "number" ? `At most ${maxProperties}.` : "",
    typeof maxLength === "number" ? `At most ${maxLength} characters.` : "",
  ];
}

function messages(node: StructuralSchema): string[] {
  const validations = node["x-kubernetes-validations"];
  if (!Array.isArray(validations)) return [];
  return validations.map((validation: { readonly message: string }) => validation.message);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
