/** Whose objects are encoded: one policy's, in one namespace or (undefined) for resources without one. */
export interface LedgerId {
  readonly policy: { readonly name: string; readonly uid: string };
  readonly namespace: string | undefined;
}

/** What could be read of the objects of one ledger. */
export interface Decoded<T> {
  /** Undefined where there is none, or none that means anything. */
  readonly stored: T | undefined;
  /** What was left out and why, a sentence each; empty for what this version wrote. */
  readonly dropped: readonly string[];
}

/**
 * What makes the stored objects equal to what should be stored. Only what differs is in it.
 * Objects that exist keep their metadata, with the `resourceVersion` that the PUT must carry; new ones have none.
 */
export interface ObjectWrites<T> {
  /** To be written in this order, so that a crash in between loses nothing. */
  readonly puts: readonly T[];
  /** To be deleted after that. */
  readonly deletes: readonly { readonly kind: string; readonly name: string }[];
}

export interface EncodeOptions {
  /** Whether parts may be put together again where they have become too many: at full scans only. */
  readonly mayShrink: boolean;
}
