import type { ApiType } from "../../src/kube/api-type.ts";
import type { RawObject } from "../../src/kube/object.ts";
import type { Connection } from "./connection.ts";

/** When something was first seen, by name; times are those of `performance.now`. */
export class Sightings {
  readonly #seen = new Map<string, number>();

  see(name: string): void {
    if (!this.#seen.has(name)) this.#seen.set(name, performance.now());
  }

  get size(): number {
    return this.#seen.size;
  }

  at(name: string): number | undefined {
    return this.#seen.get(name);
  }
}

/** Watches a kind until the signal is aborted, and hands over what it shows. */
export async function watchAll(
  { client }: Connection,
  type: ApiType,
  signal: AbortSignal,
  onObject: (object: RawObject) => void,
): Promise<void> {
  const options = { start: { initialEvents: true }, timeoutSeconds: 600, silenceMs: 600_000, signal } as const;
  const stream = await client.watch(type, options);
  try {
    for (;;) {
      const event = await stream.next();
      if (event === null) throw new Error(`the watch of ${type.kind} ended`);
      if (event.type === "upsert") onObject(event.object);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stream.close();
  }
}
