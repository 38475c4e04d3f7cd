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

export const filePath = z.string().min(1);

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
