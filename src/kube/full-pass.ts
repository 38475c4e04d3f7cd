import { type ApiType, typeName } from "./api-type.ts";
import type { KubeClient } from "./client.ts";
import type { Delivery } from "./delivery.ts";
import { BadRequestError, InvalidError, type KubeError, SilentWatchError } from "./errors.ts";
import { slicer } from "./slicer.ts";
import type { CompletedPass, PassKind } from "./watch-consumer.ts";
import { ShortWatchError } from "./watch-failure.ts";
import type { WatchStream } from "./watch-stream.ts";

export interface FullPassOptions {
  readonly client: KubeClient;
  readonly type: ApiType;
  readonly namespace: string | undefined;
  readonly metadataOnly: boolean | undefined;
  readonly delivery: Delivery;
  /** Opens a watch that begins with everything that exists. */
  readonly openInitialWatch: () => Promise<WatchStream>;
  /** Called for each object and bookmark. */
  readonly onActivity: () => void;
  /** Something went wrong that the pass gets over by itself. */
  readonly onRetry: (error: KubeError) => void;
  /** Silence before the closing bookmark after which a server is taken for one that sends none. */
  readonly bookmarkWaitMs: number;
}

export interface FullPass {
  readonly completed: CompletedPass;
  readonly resourceVersion: string;
  /** The watch that goes on from there; null when it has still to be opened. */
  readonly stream: WatchStream | null;
}

/** Initial events that broke off so often in a row give way to pages. */
const BROKEN_STREAMS = 2;

/**
 * Reads everything that exists, once: as the initial events of a watch where the server can do that, else in pages.
 * Servers say that they cannot by refusing the request, or by leaving out the closing bookmark.
 */
export class FullPasses {
  readonly #options: FullPassOptions;
  #streamable = true;
  #broken = 0;

  constructor(options: FullPassOptions) {
    this.#options = options;
  }

  /** Delivers all objects, then what is missing, then `onSynced`. Throws KubeError, ConsumerError or the signal's reason. */
  run(pass: PassKind, how: "watch" | "pages", signal: AbortSignal): Promise<FullPass> {
    return this.#options.delivery.alone(async () => {
      if (how === "watch" && this.#streamable && this.#broken < BROKEN_STREAMS) {
        const done = await this.#byWatch(pass);
        if (done !== null) return done;
      }
      return this.#byPages(pass, signal);
    });
  }

  /** Null when the server cannot do it. */
  async #byWatch(pass: PassKind): Promise<FullPass | null> {
    let stream: WatchStream;
    try {
      stream = await this.#options.openInitialWatch();
    } catch (error) {
      if (!(error instanceof BadRequestError || error instanceof InvalidError)) throw error;
      this.#streamable = false;
      return null;
    }
    let handedOver = false;
    try {
      const resourceVersion = await this.#readInitial(stream);
      this.#broken = 0;
      if (resourceVersion === null) {
        this.#streamable = false;
        return null;
      }
      const completed = await this.#options.delivery.endPass(pass);
      handedOver = true;
      return { completed, resourceVersion, stream };
    } catch (error) {
      this.#broken += 1;
      if (!(error instanceof SilentWatchError)) throw error;
      this.#options.onRetry(error);
      return null;
    } finally {
      if (!handedOver) stream.close();
    }
  }

  /** The version of the closing bookmark; null when another bookmark came first. */
  async #readInitial(stream: WatchStream): Promise<string | null> {
    const { delivery, onActivity, bookmarkWaitMs } = this.#options;
    const recognise = delivery.beginPass();
    for (;;) {
      const event = await stream.nextInitial(bookmarkWaitMs, recognise);
      if (event === null)
        throw new ShortWatchError(`${typeName(this.#options.type)}: the server ended the initial events`);
      if (event.type === "bookmark") return null;
      onActivity();
      if (event.type === "initial-end") return event.resourceVersion;
      if (event.type === "upsert") await delivery.listed(event.object, event.digest);
      else if (event.type === "delete") await delivery.deleted(event.object);
      if (slicer.due) await slicer.pause();
    }
  }

  async #byPages(pass: PassKind, signal: AbortSignal): Promise<FullPass> {
    const { client, type, namespace, metadataOnly, delivery, onActivity, onRetry } = this.#options;
    let resourceVersion = "";
    const recognise = delivery.beginPass();
    for await (const event of client.list(type, { namespace, metadataOnly, recognise, signal })) {
      if (event.type === "retry") {
        onRetry(event.error);
        continue;
      }
      onActivity();
      if (event.type === "item") await delivery.listed(event.object, event.digest);
      else if (event.type === "reset") delivery.beginPass();
      else if (event.type === "end") resourceVersion = event.resourceVersion;
      if (slicer.due) await slicer.pause();
    }
    const completed = await delivery.endPass(pass);
    this.#broken = Math.max(0, this.#broken - 1);
    return { completed, resourceVersion, stream: null };
  }
}
