import { z } from "zod";
import { withInvariants } from "./invariant.ts";

/**
 * A point in time in RFC 3339. Read in any offset, handed on in UTC without empty fractions,
 * so that equal instants are equal strings.
 */
export const Timestamp = z.iso.datetime({ offset: true }).overwrite(inUtc);

function inUtc(text: string): string {
  const date = new Date(text);
  // Not a time: that is said by the check before, and this only has to leave it alone.
  return Number.isNaN(date.getTime()) ? text : date.toISOString().replace(".000Z", "Z");
}

/** A UTC day, `2026-11-21`. */
export const Day = z.iso.date();

/** A number of things: whole, not negative. */
export const Count = z.int().min(0);

/** A string of limited length with a pattern that both sides check, with one message. */
export function text(limits: { max: number; pattern: RegExp; message: string }): z.ZodString {
  return withInvariants(z.string().min(1).max(limits.max), {
    cel: `self.matches(r'${limits.pattern.source}')`,
    holds: (value) => limits.pattern.test(value),
    message: limits.message,
  });
}

/** A list whose order means nothing and in which nothing stands twice. */
export function setOf<S extends z.ZodType<string>>(item: S, max: number): z.ZodArray<S> {
  return z
    .array(item)
    .max(max)
    .meta({ "x-kubernetes-list-type": "set" })
    .superRefine((values, context) => {
      values.forEach((value, index) => {
        if (values.indexOf(value) < index)
          context.addIssue({
            code: "custom",
            path: [index],
            message: `${JSON.stringify(value)} stands here twice: remove one`,
          });
      });
    });
}

/** An object whose fields are not known here: kept as it is. */
export const FreeForm = z.record(z.string(), z.unknown());

/** A list that is replaced as a whole. */
export function listOf<S extends z.ZodType>(item: S): z.ZodArray<S> {
  return z.array(item).meta({ "x-kubernetes-list-type": "atomic" });
}

/** A map that is replaced as a whole: its keys do not swell managedFields. */
export function mapOf<S extends z.ZodType>(value: S): z.ZodRecord<z.ZodString, S> {
  return z.record(z.string(), value).meta({ "x-kubernetes-map-type": "atomic" });
}

/** Marks an object as replaced as a whole: its fields do not swell managedFields. */
export function atomic<S extends z.ZodType>(object: S): S {
  return object.meta({ ...object.meta(), "x-kubernetes-map-type": "atomic" });
}
