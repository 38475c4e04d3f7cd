/** One document of a stream, and where it begins; line and column counted from 0. */
export interface StreamDocument {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A line that parts documents and says more than that. */
export interface BadSeparator {
  readonly line: number;
}

export interface SplitStream {
  readonly documents: readonly StreamDocument[];
  readonly badSeparators: readonly BadSeparator[];
}

/**
 * Parts a stream as Kubernetes' reader does: JSON objects may follow each other, in YAML any line that begins with `---`
 * parts two documents, even in a block of text, and may hold nothing but a comment beside it.
 */
export function splitStream(stream: string): SplitStream {
  const text = stream.startsWith(byteOrderMark) ? stream.slice(1) : stream;
  return splitJson(text) ?? splitYaml(text);
}

const byteOrderMark = "\uFEFF";

function splitYaml(text: string): SplitStream {
  const documents: StreamDocument[] = [];
  const badSeparators: BadSeparator[] = [];
  let from = 0;
  let firstLine = 0;
  let line = 0;
  for (let start = 0; start < text.length; line++) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline + 1;
    if (text.startsWith("---", start)) {
      const beside = text.slice(start + 3, next).trim();
      if (beside !== "" && !beside.startsWith("#")) badSeparators.push({ line });
      documents.push({ text: text.slice(from, start), line: firstLine, column: 0 });
      from = next;
      firstLine = line + 1;
    }
    start = next;
  }
  documents.push({ text: text.slice(from), line: firstLine, column: 0 });
  return { documents, badSeparators };
}

/** Undefined for anything but JSON objects one after the other. */
function splitJson(text: string): SplitStream | undefined {
  const documents: StreamDocument[] = [];
  let position = skipBlanks(text, 0);
  let line = 0;
  let lineStart = 0;
  let seen = 0;
  while (position < text.length) {
    if (text[position] !== "{") return undefined;
    const end = endOfJsonObject(text, position);
    if (end === undefined) return undefined;
    for (let at = text.indexOf("\n", seen); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) {
      line++;
      lineStart = at + 1;
    }
    seen = position;
    documents.push({ text: text.slice(position, end), line, column: position - lineStart });
    position = skipBlanks(text, end);
  }
  return documents.length === 0 ? undefined : { documents, badSeparators: [] };
}

function skipBlanks(text: string, from: number): number {
  blanks.lastIndex = from;
  return blanks.test(text) ? blanks.lastIndex : from;
}

const blanks = /[ \t\r\n]+/y;
/** What can open or close something in JSON; a string is skipped whole. */
const jsonToken = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;

function endOfJsonObject(text: string, start: number): number | undefined {
  let depth = 0;
  jsonToken.lastIndex = start;
  for (let token = jsonToken.exec(text); token !== null; token = jsonToken.exec(text)) {
    const [found] = token;
    if (found === "{" || found === "[") depth++;
    else if (found === "}" || found === "]") depth--;
    if (depth === 0) return jsonToken.lastIndex;
  }
  return undefined;
}
