import { hash } from "node:crypto";

/** SHA-256 of an object's text as it came over the wire: the same one is the same text, byte for byte. */
export type Digest = string;

/** Whether the object with this text is known already, and nothing is to be made of it. */
export type Recognise = (digest: Digest) => boolean;

/** In place of an object that was recognised by its text, and not even parsed. */
export interface Same {
  readonly type: "same";
}

export function digestOf(text: Uint8Array): Digest {
  // The shortest string that holds all 32 bytes; there may be a hundred thousand of them.
  return hash("sha256", text, "binary");
}
