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
  const command = textsAt(container.fields, "command");
  const args = textsAt(container.fields, "args");
  const elements = command.length === 0 ? args : [...command, ...args];
  const flags: GivenFlag[] = [];
  for (const [at, text] of elements.entries()) {
    const [, name, written] = grammar.exec(text) ?? [];
    const next = elements[at + 1];
    const value = written ?? (next?.startsWith("-") ? undefined : next);
    if (name !== undefined && value !== undefined)
      flags.push({ list: at < command.length ? "command" : "args", name, value });
  }
  return flags;
}
