/** `name=value`, `name = value`, `name: value`, also as a list item, exported, or with a quoted name as in JSON. */
const grammar = /^(?:- +|export +)?(["']?)([A-Za-z_][\w.-]*)\1\s*(?:=|:(?=\s|$))(.*)/s;

const quoted = /^(["'])(.*)\1$/s;

/** The lines of a configuration file that give a name a value, without quotes; all others are left out. */
export function namedValues(text: string): readonly (readonly [name: string, value: string])[] {
  return text.split("\n").flatMap((line) => {
    const [, , name, rest] = grammar.exec(line.trim()) ?? [];
    if (name === undefined || rest === undefined) return [];
    const value = rest.trim().replace(/,$/, "");
    return [[name, quoted.exec(value)?.[2] ?? value] as const];
  });
}
