import manifest from "../../package.json" with { type: "json" };

/** A file does not look as it has to for the digest to be put in. */
export class PinError extends Error {
  override readonly name = "PinError";
}

/** A file in which the image stands, and the same with the digest. */
export interface Pinned {
  /** From the root of the repository. */
  readonly path: string;
  /** @throws PinError if the image does not stand there just once, or the digest is none */
  pin(text: string, digest: string): string;
}

const image = "ghcr.io/pawl-dev/pawl";

/** Where a release names its image: the chart's values, and the Deployment of `config`. Both then say `name@digest`. */
export const pinnedFiles: readonly Pinned[] = [
  { path: "chart/values.yaml", pin: replacing(/^( {2}digest: )''$/gm, (digest) => digest) },
  {
    path: "config/operator/deployment.yaml",
    pin: replacing(
      new RegExp(`^( +image: )${image}:${manifest.version.replaceAll(".", "\\.")}$`, "gm"),
      (digest) => `${image}@${digest}`,
    ),
  },
];

function replacing(place: RegExp, value: (digest: string) => string): Pinned["pin"] {
  return (text, digest) => {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new PinError(`${JSON.stringify(digest)} is no digest`);
    const places = text.match(place)?.length ?? 0;
    if (places !== 1) throw new PinError(`${place} stands there ${places} times instead of once`);
    return text.replace(place, (_, before: string) => before + value(digest));
  };
}
