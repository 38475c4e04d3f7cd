import type { ChangeTarget } from "../../api/scan-report.ts";
import { type KindName, type ResourceRef, refKind, refName } from "../resource.ts";
import { hash64 } from "../values/hash.ts";
import type { Instant } from "./instant.ts";
import { eventsSentMs } from "./limits.ts";
import { compareText } from "./order.ts";
import type { Transition } from "./stored.ts";

/** An Event on a resource that a user owns. */
export interface EventRequest {
  /** The same for the same transitions, whichever policy and whichever attempt: one that exists already was sent. */
  readonly name: string;
  readonly regarding: { readonly ref: ResourceRef; readonly kind: KindName; readonly name: string };
  readonly reason: "ViolationFound" | "ViolationFixed";
  readonly type: "Warning" | "Normal";
  /** At most 1 KiB. */
  readonly note: string;
  readonly at: Instant;
}

export interface EventContext {
  readonly now: Instant;
  /** `undefined` for resources without one. */
  readonly namespace: string | undefined;
  /** Whether the namespace is being deleted: no Event can be created in it any more. */
  readonly namespaceTerminating: boolean;
}

const maxNoteBytes = 1024;
const maxNameLength = 200;
/** In characters, so that even one in the widest script leaves room for the rest of a note. */
const maxPathLength = 200;

/**
 * The Events that tell of these transitions (docs/ledger.md 8): one per object and evaluation, oldest first. What was accepted or moved
 * tells nobody anything. Given a report's `changes` it gives the same Events again.
 */
export function eventsOf(
  transitions: readonly Transition[],
  { now, namespace, namespaceTerminating }: EventContext,
): EventRequest[] {
  if (namespaceTerminating) return [];
  const told = transitions.filter(({ to, at }) => to !== "Known" && at + eventsSentMs >= now);
  const groups = Map.groupBy(told, ({ ref, at }) => JSON.stringify([at, ref]));
  return [...groups.values()]
    .flatMap((group) => {
      const first = group[0];
      return first === undefined ? [] : [eventOf(first, group, namespace ?? "")];
    })
    .sort((a, b) => a.at - b.at || compareText(a.name, b.name));
}

function eventOf({ ref, at }: Transition, group: readonly Transition[], namespace: string): EventRequest {
  const ids = group.map(({ id }) => id).sort();
  const found = group.some(({ to }) => to === "New");
  return {
    name: eventName(refName(ref), hash64(JSON.stringify([namespace, ref, ids]))),
    regarding: { ref, kind: refKind(ref), name: refName(ref) },
    reason: found ? "ViolationFound" : "ViolationFixed",
    type: found ? "Warning" : "Normal",
    note: noteOf(group),
    at,
  };
}

/** What the API server takes as a name: each part between dots begins and ends with a letter or a digit. */
function eventName(object: string, id: string): string {
  const allowed = object
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "-")
    .slice(0, maxNameLength);
  const parts = allowed.split(".").map((part) => part.replace(/^-+|-+$/g, ""));
  return [...parts.filter((part) => part !== ""), id].join(".");
}

/** `New: memory-limit at containers[name=app].resources.limits.memory. Fixed: latest-tag at containers[name=app].image.` */
function noteOf(group: readonly Transition[]): string {
  const isNew = (to: ChangeTarget) => to === "New";
  const items = [
    ...phrases(
      "New",
      group.filter(({ to }) => isNew(to)),
    ),
    ...phrases(
      "Fixed",
      group.filter(({ to }) => !isNew(to)),
    ),
  ];
  const encoder = new TextEncoder();
  const fits = (text: string) => encoder.encode(text).length <= maxNoteBytes;
  const full = joined(items);
  if (fits(full)) return full;
  const cut = (shown: number) => `${joined(items.slice(0, shown))} And ${items.length - shown} more.`;
  let shown = items.length - 1;
  while (shown > 1 && !fits(cut(shown))) shown--;
  return cut(shown);
}

interface Phrase {
  readonly heading: string;
  readonly text: string;
}

function phrases(heading: string, group: readonly Transition[]): Phrase[] {
  return group
    .map(
      ({ rule, path, count }) =>
        `${rule}${path === "" ? "" : ` at ${shortened(path)}`}${count === 1 ? "" : ` (${count} times)`}`,
    )
    .sort()
    .map((text) => ({ heading, text }));
}

function joined(items: readonly Phrase[]): string {
  return [...Map.groupBy(items, ({ heading }) => heading)]
    .map(([heading, group]) => `${heading}: ${group.map(({ text }) => text).join("; ")}.`)
    .join(" ");
}

function shortened(path: string): string {
  return path.length <= maxPathLength ? path : `${path.slice(0, maxPathLength - 1).toWellFormed()}…`;
}
