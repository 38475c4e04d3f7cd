import { z } from "zod";

/** Where to listen: all interfaces if there is no host. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** Schemas read the text of a flag or a variable. What they expect is told by the table, so they carry no messages. */

export const dnsLabel = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);

export const dnsSubdomain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/);

/** Printable and without blanks: it stands in labels of metrics, messages and links. */
export const shortName = z.string().regex(/^[\x21-\x7e]{1,128}$/);

/** `pawl-slack,pawl-smtp`; empty for none. */
export const nameList: z.ZodType<readonly string[], string> = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ""))
  .refine((names) => names.every((name) => dnsSubdomain.safeParse(name).success));

/** `https:`, or `http:` to loopback, where nobody stands between. */
export const webAddress: z.ZodType<URL, string> = z
  .string()
  .refine((text) => /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(text) && URL.canParse(text))
  .transform((text) => new URL(text));

/** `http://proxy.example.com:3128`, `proxy.example.com:3128`. */
export const proxyAddress = z
  .string()
  .refine(
    (text) => /^(https?:\/\/)?[^/\s]+\/?$/.test(text) && URL.canParse(text.includes("://") ? text : `http://${text}`),
  );

export const filePath = z.string().min(1);

/** A label or an annotation, as it stands in the settings of who owns what. */
export interface OwnerKey {
  readonly key: string;
  readonly on: "label" | "annotation" | "either";
}

const qualifiedName = "(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

/** Key of a label or an annotation. */
export const metadataKey = z.string().regex(new RegExp(`^${qualifiedName}$`));

const ownerKeyText = new RegExp(`^(?:(label|annotation):)?(${qualifiedName})$`);

/** `team,label:owner,annotation:example.com/team`; without a word before it, a key is looked for in both, labels first. */
export const ownerKeys: z.ZodType<readonly OwnerKey[], string> = z
  .string()
  .transform((text) => text.split(",").map((one) => ownerKeyText.exec(one.trim())))
  .refine((keys) => keys.length <= 16 && !keys.includes(null))
  .transform((keys) =>
    keys.flatMap((read) => {
      const [, on, key] = read ?? [];
      return key === undefined ? [] : [{ key, on: on === "label" || on === "annotation" ? on : ("either" as const) }];
    }),
  );

export const flagValue = z.enum(["true", "false"]).transform((text) => text === "true");

export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
}

export function decimalNumber(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,6})?$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
}

/** `:8080`, `127.0.0.1:8080`, `localhost:8080`, `[::1]:8080`. */
export const listenAddress: z.ZodType<ListenAddress, string> = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]*):\d{1,5}$/)
  .transform((text) => {
    const colon = text.lastIndexOf(":");
    const host = text.slice(0, colon).replace(/^\[|\]$/g, "");
    const port = Number(text.slice(colon + 1));
    return host === "" ? { port } : { host, port };
  })
  .refine(({ port }) => port <= 65_535);
