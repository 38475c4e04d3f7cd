import { remembering } from "../interning.ts";

/** An image reference, read as container runtimes read it: `[host[:port]/]path[:tag][@algorithm:hex]`. */
export interface ImageReference {
  /** `docker.io` where none is written; in lower case. */
  readonly registry: string;
  /** Path below the registry, without tag and digest: `library/nginx`. */
  readonly path: string;
  /** Registry and path: `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…`, if it is well-formed; `name@latest` has none. */
  readonly digest: string | undefined;
  /** What is written behind the `@`, well-formed or not. */
  readonly writtenDigest: string | undefined;
}

const defaultRegistry = "docker.io";

/**
 * Reads what is there and does not ask whether a runtime would take it: rules about tags and registries judge a malformed
 * reference by the parts it has. Undefined only where there is no name at all.
 */
export function parseImage(text: string): ImageReference | undefined {
  const at = text.indexOf("@");
  const named = at < 0 ? text : text.slice(0, at);
  const writtenDigest = at < 0 ? undefined : text.slice(at + 1);
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasRegistry = isRegistry(first);
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.indexOf(":", rest.lastIndexOf("/"));
  const written = colon < 0 ? rest : rest.slice(0, colon);
  if (written === "") return undefined;
  const registry = hasRegistry ? first.toLowerCase() : defaultRegistry;
  const path = registry === defaultRegistry && !written.includes("/") ? `library/${written}` : written;
  return {
    registry,
    path,
    repository: `${registry}/${path}`,
    tag: (colon < 0 ? "" : rest.slice(colon + 1)) || undefined,
    digest: writtenDigest !== undefined && isDigest(writtenDigest) ? writtenDigest : undefined,
    writtenDigest,
  };
}

/** `algorithm:encoded` of the OCI image specification; of the algorithms with a known length, exactly that many hex digits. */
function isDigest(text: string): boolean {
  const [, algorithm = "", encoded = ""] = digestGrammar.exec(text) ?? [];
  if (algorithm === "") return false;
  const length = hexDigits.get(algorithm);
  return length === undefined || (encoded.length === length && /^[0-9a-f]+$/.test(encoded));
}

const digestGrammar = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/;

const hexDigits: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
  ["blake3", 64],
]);

/** The part of a reference that no container runtime can read. */
export type ImageProblem = "host" | "path" | "tag" | "digest";

/** Why a runtime would refuse the reference with InvalidImageName; the first part that is wrong. Undefined: it is legal. */
export function imageProblem(text: string): ImageProblem | undefined {
  const named = text.split("@", 1)[0] ?? "";
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasRegistry = isRegistry(first);
  if (hasRegistry && !hostGrammar.test(first)) return "host";
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.indexOf(":", rest.lastIndexOf("/"));
  if (!pathGrammar.test(colon < 0 ? rest : rest.slice(0, colon))) return "path";
  if (colon >= 0 && !tagGrammar.test(rest.slice(colon + 1))) return "tag";
  return named.length < text.length && !isDigest(text.slice(named.length + 1)) ? "digest" : undefined;
}

const hostLabel = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const hostGrammar = new RegExp(`^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?$`);
const pathGrammar = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagGrammar = /^\w[\w.-]{0,127}$/;

/** The first segment is a host only if it cannot be part of a path on the default registry. */
function isRegistry(segment: string): boolean {
  return segment.includes(".") || segment.includes(":") || segment === "localhost";
}

/**
 * Whether an image comes from what an entry names: host and whole path segments, `*` stands for part of one segment, an
 * entry without host means docker.io. `registry.io` does not match `registry.io.evil.com`.
 */
export function matchesRegistry(image: ImageReference, entry: string): boolean {
  const wanted = readEntry(entry);
  if (!matchesSegment(wanted.host, image.registry)) return false;
  const actual = image.path.split("/");
  return wanted.segments.every((pattern, at) => matchesSegment(pattern, actual[at]));
}

/** Every image is held against the same few entries. */
const readEntry = remembering((entry) => {
  const segments = entry.replace(/\/\*?$/, "").split("/");
  const [first = ""] = segments;
  return isRegistry(first)
    ? { host: first.toLowerCase(), segments: segments.slice(1) }
    : { host: defaultRegistry, segments };
}, 1_000);

function matchesSegment(pattern: string, segment: string | undefined): boolean {
  if (segment === undefined || !pattern.includes("*")) return segment === pattern;
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop() ?? "";
  if (!segment.startsWith(head) || !segment.endsWith(tail)) return false;
  let from = head.length;
  for (const part of parts) {
    const found = segment.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= segment.length - tail.length;
}
