import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { newestRelease, parseRelease, type Release } from "../src/engine/release.ts";
import type { KubeObject } from "../src/engine/resource.ts";
import { formatManifestProblem } from "../src/manifests/problem.ts";
import { readManifests } from "../src/manifests/read-manifests.ts";

/** One violation as fixtures write it. */
const Expected = z.strictObject({
  /** Who violates the rule: `Deployment.apps/checkout`. */
  on: z.string(),
  path: z.string(),
  /** Value class, for rules that have one. */
  class: z.string().optional(),
  /** What the row shows of the place, where the rule shows something. */
  value: z.string().optional(),
  /** Message id. */
  message: z.string(),
  /** The message as a reader gets it. */
  text: z.string(),
});
export type Expected = z.infer<typeof Expected>;

/** What a fixture's head says of a violation. */
const Listed = Expected.extend({
  /** For a rule with an autofix: why it leaves this one alone. */
  stays: z.string().optional(),
});

/** One step of a JSON Patch, as fixtures write it. */
const Step = z.strictObject({
  op: z.enum(["add", "replace", "remove", "test"]),
  path: z.string(),
  value: z.unknown().optional(),
});

/** What the comment at the head of a fixture says, itself YAML. */
const Head = z.strictObject({
  /** What the case shows, where the name of the file does not say it. */
  about: z.string().optional(),
  /** Shown on the rule's page; where no fixture says so, the page chooses. */
  example: z.literal(true).optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  release: z.string().optional(),
  /** The verdict rests on the kind: the same pod spec gets another one elsewhere. */
  kindMatters: z.boolean().default(false),
  expect: z.array(Listed).default([]),
  /** The repairs of the objects, one after another. */
  patch: z.array(Step).optional(),
});

/** A manifest with one or more objects, which are the whole inventory, and what the rule finds in it. */
export interface Fixture {
  /** `fail-no-limit.yaml`. */
  readonly name: string;
  readonly about: string | undefined;
  /** Wants to be shown on the rule's page. */
  readonly example: boolean;
  readonly params: Readonly<Record<string, unknown>>;
  readonly release: Release;
  readonly kindMatters: boolean;
  readonly expect: readonly Expected[];
  /** Those of them that the rule's autofix cannot repair safely. */
  readonly stays: readonly Expected[];
  /** What the rule's autofix does about the objects, one after another, where the fixture says it. */
  readonly patch: readonly z.infer<typeof Step>[] | undefined;
  /** The objects as they are written, without the head. */
  readonly manifest: string;
  readonly objects: readonly KubeObject[];
}

const folderOfAll = join(import.meta.dirname, "../test/rules");

/** A fixture that says of itself what no fixture says; the message names the file and the field. */
export class InvalidFixtureError extends Error {
  override readonly name = "InvalidFixtureError";
}

/** The fixtures of a rule, `test/rules/<id>/*.yaml`. */
export function readFixtures(id: string): readonly Fixture[] {
  const folder = join(folderOfAll, id);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readFixture(join(folder, name)));
}

function readFixture(file: string): Fixture {
  const written = readFileSync(file, "utf8");
  const text = fillIn(written);
  const head = headOf(text);
  const said: unknown = head.trim() === "" ? {} : load(head);
  const parsed = Head.safeParse(said, { reportInput: true });
  if (!parsed.success)
    throw new InvalidFixtureError(
      `The comment at the head of ${file} is not what a fixture takes:\n${z.prettifyError(parsed.error)}`,
    );
  const { about, example, params, release, kindMatters, expect, patch } = parsed.data;
  return {
    name: basename(file),
    about,
    example: example === true,
    params,
    release: (release === undefined ? undefined : parseRelease(release)) ?? newestRelease,
    kindMatters,
    expect: expect.map(({ stays, ...one }) => one),
    stays: expect.filter(({ stays }) => stays !== undefined).map(({ stays, ...one }) => one),
    patch,
    manifest: written.replace(headPattern, ""),
    objects: freeze(objectsIn(text, file)),
  };
}

const headPattern = /^(?:#.*\n)*/;

function headOf(text: string): string {
  return headPattern.exec(text)?.[0].replace(/^# ?/gm, "") ?? "";
}

function objectsIn(text: string, file: string): readonly KubeObject[] {
  const { objects, problems } = readManifests(text, file);
  if (problems.length > 0) throw new Error(problems.map(formatManifestProblem).join("\n"));
  return objects;
}

/**
 * `⟦36⟧` stands for 36 letters and digits that look random, `⟦32 hex⟧` for hexadecimal ones: what looks like a live
 * credential stands in no file.
 */
function fillIn(text: string): string {
  return text.replace(/⟦(\d+)( hex)?⟧/g, (_, length: string, hex: string | undefined) => {
    const alphabet = hex === undefined ? "k3VbQ7xTz0Lm9RwPa5YcJ2sHd8NfGu4EeW1" : "3f9a07c5e1b8d264";
    return Array.from({ length: Number(length) }, (_, at) => alphabet[(at * 11 + 5) % alphabet.length]).join("");
  });
}

/** No rule may change what it judges: one that tries throws. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
