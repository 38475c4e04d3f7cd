export const BINARY_NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"] as const;

export type BinaryName = (typeof BINARY_NAMES)[number];

/** Absolute paths of executables. */
export type Binaries = Readonly<Record<BinaryName, string>>;

/** What one way found, and in a sentence each why it did not find the rest. */
export interface Findings {
  readonly found: ReadonlyMap<BinaryName, string>;
  readonly reasons: readonly string[];
}

/** One place to have binaries from. It finds what it can of what is missing; what it lacks is left to the next. */
export interface Way {
  /** As in "kubectl from <name>". */
  readonly name: string;
  find(missing: ReadonlySet<BinaryName>): Promise<Findings>;
}

/** No way had a binary; the message lists every way's reason. */
export class BinariesUnavailableError extends Error {
  override readonly name = "BinariesUnavailableError";
}

/** Hears of each way that was asked: what was taken from it, and why the rest was not. */
export type Heard = (way: Way, taken: readonly BinaryName[], reasons: readonly string[]) => void;

/** Asks the ways in their order until nothing is missing. */
export async function locate(ways: readonly Way[], heard: Heard): Promise<Binaries> {
  const missing = new Set<BinaryName>(BINARY_NAMES);
  const found = new Map<BinaryName, string>();
  const reasons: string[] = [];
  for (const way of ways) {
    if (missing.size === 0) break;
    const findings = await way.find(missing);
    const taken = BINARY_NAMES.filter((name) => missing.has(name) && findings.found.has(name));
    for (const name of taken) {
      found.set(name, findings.found.get(name) ?? "");
      missing.delete(name);
    }
    reasons.push(...findings.reasons.map((reason) => `${way.name}: ${reason}`));
    heard(way, taken, findings.reasons);
  }
  if (missing.size > 0)
    throw new BinariesUnavailableError(
      [`nowhere found: ${[...missing].join(", ")}`, ...reasons.map((reason) => `  ${reason}`)].join("\n"),
    );
  const path = (name: BinaryName) => found.get(name) ?? "";
  return {
    etcd: path("etcd"),
    "kube-apiserver": path("kube-apiserver"),
    "kube-controller-manager": path("kube-controller-manager"),
    kubectl: path("kubectl"),
  };
}
