import type { ContainerView } from "./container.ts";
import { textsAt } from "./fields.ts";

/** A long flag with its value, as a container is started with it. */
export interface GivenFlag {
  /** Where it stands: the value may stand in the other one. */
  readonly list: "command" | "args";
  /** Without the dashes. */
  readonly name: string;
  readonly value: string;
}

const grammar = /^--([^=\s]+)(?:=(.*))?$/s;

/** `--name=value`, and `--name` with the element after it, in `command` and `args`. A flag without a value is none. */
export function givenFlags(container: ContainerView): readonly GivenFlag[] {
  const elements = (["command", "args"] as const).flatMap((list) =>
    textsAt(container.fields, list).map((text) => ({ list, text })),
  );
  return elements.flatMap(({ list, text }, at) => {
    if (!text.startsWith("--")) return [];
    const [, name, written] = grammar.exec(text) ?? [];
    const next = elements[at + 1]?.text;
    const value = written ?? (next?.startsWith("-") ? undefined : next);
    return name === undefined || value === undefined ? [] : [{ list, name, value }];
  });
}
