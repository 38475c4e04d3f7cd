import type { Cluster } from "./cluster/cluster.ts";

/** One chapter of the life of an installation. Chapters follow each other on one cluster, in the order of their folders. */
export interface Scenario {
  /** A sentence: "what is there becomes the baseline". */
  readonly name: string;
  /** Throws at what is not as it has to be. */
  run(cluster: Cluster, tell: (line: string) => void): Promise<void>;
}
