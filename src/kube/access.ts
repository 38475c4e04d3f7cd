/** Something that a program needs from the API server, as RBAC grants it. */
export interface Access {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only these objects; `list` and `watch` cannot be narrowed so. */
  readonly names?: readonly string[];
  /** `namespace`: granted by a Role in the program's own namespace only. */
  readonly within: "cluster" | "namespace";
  /** Who needs it and for what. */
  readonly why: string;
}

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
