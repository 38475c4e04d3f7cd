import type { KubeObject } from "../engine/resource.ts";
import { isFields, listAt } from "../engine/views/fields.ts";
import { whyUnusable } from "../engine/views/resource-view.ts";
import { unpackList } from "../engine/views/unpack-list.ts";
import { parseDocument } from "./parse-document.ts";
import type { ManifestProblem } from "./problem.ts";
import { type StreamDocument, splitStream } from "./split-stream.ts";

export interface Manifests {
  /** In the order of the file, lists unpacked. Parts that an alias repeats are shared: nobody may change them. */
  readonly objects: readonly KubeObject[];
  /** Documents that could not be read; by line. */
  readonly problems: readonly ManifestProblem[];
  /** Documents that are read and are no Kubernetes object, such as a values file; by line. Empty ones are not among them. */
  readonly skipped: readonly SkippedDocument[];
}

export interface SkippedDocument {
  readonly file: string;
  /** Where the document begins, counted from 1. */
  readonly line: number;
  readonly reason: string;
}

/**
 * Reads a stream of YAML or JSON documents as Kubernetes' own reader does. One that cannot be read hides no other.
 * @param text of one file
 * @param file its name, for problems
 */
export function readManifests(text: string, file: string): Manifests {
  const { documents, badSeparators } = splitStream(text);
  const objects: KubeObject[] = [];
  const skipped: SkippedDocument[] = [];
  const problems: ManifestProblem[] = badSeparators.map(({ line }) => ({
    code: "Syntax",
    file,
    line: line + 1,
    column: 1,
    message: "beside --- only a comment may stand: put the rest on a line of its own",
  }));
  for (const document of documents) {
    const parsed = parseDocument(document.text);
    if (!parsed.ok) {
      const { code, line, column, message } = parsed.problem;
      const inFirstLine = line === 0 ? document.column : 0;
      problems.push({ code, file, line: document.line + line + 1, column: inFirstLine + column + 1, message });
      continue;
    }
    const read = objectsIn(parsed.value, parsed.more);
    objects.push(...read.objects);
    skipped.push(...read.skipped.map((reason) => ({ file, line: firstLine(document), reason })));
  }
  return { objects, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column), skipped };
}

function objectsIn(value: unknown, more: boolean): { objects: readonly KubeObject[]; skipped: readonly string[] } {
  const skipped = more ? ["what follows a line of three dots is never read: part documents by ---"] : [];
  if (value === undefined || value === null) return { objects: [], skipped };
  if (!isFields(value)) return { objects: [], skipped: [`a ${nameOf(value)} is no Kubernetes object`, ...skipped] };
  const items = unpackList(value);
  if (items.length !== 1 || items[0] !== value)
    for (const [index, item] of listAt(value, "items").entries())
      if (!isFields(item)) skipped.push(`item ${index + 1} of the list: a ${nameOf(item)} is no Kubernetes object`);
  const objects = items.filter((item) => {
    const reason = whyUnusable(item);
    if (reason !== undefined) skipped.push(reason);
    return reason === undefined;
  });
  return { objects, skipped };
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

/** The first line of a document with anything but blanks and comments. */
function firstLine({ text, line }: StreamDocument): number {
  const lead = /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text)?.[0] ?? "";
  return line + lead.split("\n").length;
}
