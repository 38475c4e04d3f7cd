/** What is wrong with a document. Behaviour follows the code, never the message. */
export type ManifestProblemCode =
  /** Not YAML, or not in the way in which Kubernetes reads it. */
  | "Syntax"
  /** A key stands twice in one mapping: Kubernetes would silently take the last. */
  | "DuplicateKey"
  /** Aliases that unfold into far more than is written, or into themselves. */
  | "ExcessiveAliases"
  /** A value that JSON cannot hold, and therefore no Kubernetes object. */
  | "NotJson";

/** A document that could not be read. Nothing of it is judged. */
export interface ManifestProblem {
  readonly code: ManifestProblemCode;
  readonly file: string;
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** What is wrong there and what to do. */
  readonly message: string;
}

/** `k8s/shop.yaml:12:3: …`, as compilers write it and editors follow it. */
export function formatManifestProblem({ file, line, column, message }: ManifestProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
