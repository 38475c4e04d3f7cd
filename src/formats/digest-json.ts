import { type Digest, type DigestDocument, digestVersion } from "./digest.ts";

/** A digest with the version of its shape, which docs/reference/digest-v1.schema.json describes. */
export function digestDocument(digest: Digest): DigestDocument {
  return { version: digestVersion, ...digest };
}

/** The same as text: indented, with a newline at the end. */
export function renderDigestJson(digest: Digest): string {
  return `${JSON.stringify(digestDocument(digest), null, 2)}\n`;
}
