/**
 * What unit tests of the views use of vitest, for a process that runs them over and over: `describe` and `it` only
 * collect, `expect` is vitest's own. A test that waits for something has no place here.
 */
import { register } from "./collected-tests.ts";

export { expect } from "vitest";

type Body = (...given: never[]) => unknown;

interface Describer {
  (name: string, body: Body): void;
  each(rows: readonly unknown[]): (name: string, body: Body) => void;
}

export const describe: Describer = Object.assign(
  (_name: string, body: Body) => {
    call(body, []);
  },
  { each: eachRow((body, given) => call(body, given)) },
);

export const it: Describer = Object.assign(
  (name: string, body: Body) => {
    register(name, () => call(body, []));
  },
  { each: eachRow((body, given, name) => register(name, () => call(body, given))) },
);

function eachRow(take: (body: Body, given: readonly unknown[], name: string) => void): Describer["each"] {
  return (rows) => (name, body) => {
    // As in vitest: rows are arguments where all of them are lists.
    const isTable = rows.every(Array.isArray);
    for (const row of rows) take(body, isTable ? (row as readonly unknown[]) : [row], name);
  };
}

function call(body: Body, given: readonly unknown[]): void {
  const answer = (body as (...all: readonly unknown[]) => unknown)(...given);
  if (answer instanceof Promise) throw new Error("only tests that do not wait are run here");
}
