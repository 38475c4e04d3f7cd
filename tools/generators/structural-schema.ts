import { z } from "zod";

/** A node of an OpenAPI v3 schema as CustomResourceDefinitions allow it. */
export interface StructuralSchema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly "x-kubernetes-preserve-unknown-fields"?: true;
  /** Limits, formats, enum and the other x-kubernetes extensions, as they are. */
  readonly [keyword: string]: unknown;
}

/** What Zod writes for a schema; only what is read here. */
interface Node {
  type?: string;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  propertyNames?: unknown;
  items?: Node;
  required?: string[];
  [keyword: string]: unknown;
}

/** Keywords that either have no place in a structural schema or make `kubectl explain` unreadable. */
const refused = ["$ref", "anyOf", "oneOf", "allOf", "not", "const", "nullable", "patternProperties"];

/**
 * The structural schema of a kind: what the API server stores, validates, defaults and explains.
 * @throws Error naming the field, for what a structural schema cannot say, for a field without a description,
 *   and for a default inside a list or map, where delivery tools would show a difference for ever
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  // `input`: a field with a default may be absent. Inlined: CustomResourceDefinitions know no references.
  const root = z.toJSONSchema(schema, { target: "openapi-3.0", io: "input", reused: "inline" }) as Node;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...fields } = root.properties ?? {};
  const required = root.required?.filter((name) => name in fields) ?? [];
  const { "~standard": _standard, ...rest } = root;
  const body = convert({ ...rest, properties: fields, required }, "", false);
  return { ...body, properties: { ...typeFields, ...body.properties } };
}

/** What every object of the API has; the texts are Kubernetes' own. */
const typeFields: Readonly<Record<string, StructuralSchema>> = {
  apiVersion: {
    type: "string",
    description:
      "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  },
  kind: {
    type: "string",
    description:
      "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  },
  metadata: { type: "object" },
};

function convert(node: Node, path: string, inCollection: boolean): StructuralSchema {
  const at = path === "" ? "the object" : path;
  const bad = refused.find((keyword) => keyword in node);
  if (bad !== undefined) throw new Error(`${at} needs ${bad}, which no structural schema can say: model it otherwise`);
  if (node.description === undefined) throw new Error(`${at} has no description: add .describe()`);
  if (inCollection && node.default !== undefined)
    throw new Error(`${at} has a default inside a list or map: make it optional and fill it in where it is read`);

  const { properties, additionalProperties, propertyNames: _propertyNames, items, required, ...rest } = node;
  const keywords = Object.fromEntries(Object.entries(rest).filter(([keyword]) => isSaid(keyword, node)));
  return {
    ...keywords,
    type: typeOf(node, at),
    ...(properties !== undefined && { properties: convertAll(properties, path, inCollection) }),
    ...(required !== undefined && required.length > 0 && { required: [...required].sort() }),
    ...(items !== undefined && { items: convert(items, `${path}[]`, true) }),
    ...mapValues(additionalProperties, path),
  };
}

function convertAll(
  nodes: Record<string, Node>,
  path: string,
  inCollection: boolean,
): Record<string, StructuralSchema> {
  return Object.fromEntries(
    Object.entries(nodes).map(([name, node]) => [
      name,
      convert(node, path === "" ? name : `${path}.${name}`, inCollection),
    ]),
  );
}

/** `false` comes from strict objects: the API server prunes unknown fields by itself. Free-form maps have empty values. */
function mapValues(values: Node | boolean | undefined, path: string): Partial<StructuralSchema> {
  if (values === undefined || typeof values === "boolean") return {};
  if (Object.keys(values).length === 0) return { "x-kubernetes-preserve-unknown-fields": true };
  return { additionalProperties: convert(values, `${path}[*]`, true) };
}

function isSaid(keyword: string, node: Node): boolean {
  if (keyword === "pattern") return node.format === undefined;
  if (keyword === "minimum") return node.minimum !== Number.MIN_SAFE_INTEGER;
  if (keyword === "maximum") return node.maximum !== Number.MAX_SAFE_INTEGER;
  return true;
}

function typeOf(node: Node, at: string): StructuralSchema["type"] {
  switch (node.type) {
    case "object":
    case "array":
    case "string":
    case "integer":
    case "boolean":
      return node.type;
    case "number":
      if (node.enum?.every(Number.isInteger) === true) return "integer";
      throw new Error(`${at} is a number with fractions, which API conventions avoid: use an integer`);
    default:
      throw new Error(`${at} has no single type: model it otherwise`);
  }
}
