import type { Clock } from "../kube/clock.ts";
import type { Logger } from "../kube/logger.ts";
import type { Errands } from "./errands.ts";
import { type LedgerKey, ledgerKey, parseLedgerKey } from "./ledger-key.ts";

export interface RelabelledOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reads one namespace anew, of every kind. */
  readonly readNamespace: (namespace: string) => Promise<void>;
  /** The namespaces were read: looks at these ledgers. */
  readonly onRead: (ledgers: readonly LedgerKey[]) => Promise<void>;
  /** There are too many of them, or they cannot be read one by one: everything that these policies judge is to be read anew. */
  readonly onScanWanted: (policies: readonly string[]) => void;
  readonly errands: Errands;
  /** Nobody leads here any more. */
  readonly isOver: () => boolean;
}

/** A burst of labels is one read. */
const pauseMs = 300;
/** More namespaces than this at once are one full scan. */
const atOnce = 20;

/**
 * Ledgers of namespaces that came into a policy's scope, or left it, by their labels. What is remembered of the objects there was judged by
 * the labels of before, so nothing is concluded from it until the namespace was read anew.
 */
export class Relabelled {
  readonly #options: RelabelledOptions;
  /** Each with a mark: a read that began before the labels changed once more is no answer to that change. */
  readonly #unread = new Map<LedgerKey, symbol>();
  readonly #waiting = new Set<string>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: RelabelledOptions) {
    this.#options = options;
  }

  add(policy: string, namespace: string): void {
    this.#unread.set(ledgerKey(policy, namespace), Symbol(namespace));
    this.#waiting.add(namespace);
    this.#cancelTimer ??= this.#options.clock.after(pauseMs, () => {
      this.#cancelTimer = undefined;
      this.#options.errands.add(this.#read());
    });
  }

  /** The namespace is gone. */
  forget(namespace: string): void {
    this.#waiting.delete(namespace);
    for (const key of this.#unread.keys()) if (parseLedgerKey(key).namespace === namespace) this.#unread.delete(key);
  }

  isUnread(key: LedgerKey): boolean {
    return this.#unread.has(key);
  }

  /** To be called before everything that these policies judge is read; what it returns, after that. */
  beginRead(policies: ReadonlySet<string>): () => void {
    const begun = [...this.#unread].filter(([key]) => policies.has(parseLedgerKey(key).policy));
    return () => {
      for (const [key, mark] of begun) if (this.#unread.get(key) === mark) this.#unread.delete(key);
    };
  }

  stop(): void {
    this.#cancelTimer?.();
  }

  async #read(): Promise<void> {
    const { readNamespace, onRead, onScanWanted, isOver, logger } = this.#options;
    const names = [...this.#waiting];
    this.#waiting.clear();
    const ofThese = [...this.#unread].filter(([key]) => names.includes(parseLedgerKey(key).namespace));
    const policies = [...new Set(ofThese.map(([key]) => parseLedgerKey(key).policy))].sort();
    if (names.length > atOnce) {
      onScanWanted(policies);
      return;
    }
    try {
      for (const name of names) await readNamespace(name);
    } catch (error) {
      if (isOver()) return;
      logger.warn({ namespaces: names, error }, "namespaces could not be read anew, so everything is");
      onScanWanted(policies);
      return;
    }
    for (const [key, mark] of ofThese) if (this.#unread.get(key) === mark) this.#unread.delete(key);
    await onRead(ofThese.map(([key]) => key));
  }
}
