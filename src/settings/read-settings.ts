import { z } from "zod";
import { SettingsError } from "./settings-error.ts";
import { type SettingDefinition, type SettingName, type SettingsTable, settingsTable } from "./table.ts";

type Shape = { readonly [Name in SettingName]: SettingsTable[Name]["schema"] };

/** The settings of the operator, checked. */
export type Settings = Readonly<z.output<z.ZodObject<Shape>>>;

export interface SettingsInput {
  /** Values of flags by name of the setting, as on the command line. */
  readonly options: Readonly<Partial<Record<SettingName, string>>>;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Identity of this replica if neither flag nor environment names one. */
  readonly fallbackIdentity: string;
}

const definitions = Object.entries(settingsTable) as readonly (readonly [SettingName, SettingDefinition])[];

const schema = z.object(
  Object.fromEntries(definitions.map(([name, definition]) => [name, definition.schema])) as Shape,
);

/**
 * Reads the settings: a flag wins over the environment, the environment over the default. A variable that is set but
 * empty counts as not set, because a manifest cannot leave one out under a condition.
 * @throws SettingsError that names every wrong setting
 */
export function readSettings(input: SettingsInput): Settings {
  const found = new Map(definitions.map(([name, definition]) => [name, find(name, definition, input)]));
  const texts = [...found].flatMap(([name, given]) => (given === undefined ? [] : [[name, given.text] as const]));
  const result = schema.safeParse(Object.fromEntries(texts));
  if (result.success) return result.data;

  const wrong = new Set(result.error.issues.map(({ path }) => path[0]));
  throw new SettingsError(
    definitions.flatMap(([name, { expected, isSecret }]) => {
      const given = found.get(name);
      if (!wrong.has(name) || given === undefined) return [];
      const text = isSecret ? "something that is not shown because it may hold a password" : JSON.stringify(given.text);
      const message = `${given.source} is ${text}, but must be ${expected}`;
      return [{ setting: name, source: given.source, message }];
    }),
  );
}

interface Given {
  readonly text: string;
  readonly source: string;
}

function find(name: SettingName, definition: SettingDefinition, input: SettingsInput): Given | undefined {
  const option = input.options[name];
  if (option !== undefined) return { text: option, source: `--${definition.flag}` };
  for (const variable of definition.env) {
    const text = input.env[variable];
    if (text !== undefined && text !== "") return { text, source: variable };
  }
  if (name === "identity") return { text: input.fallbackIdentity, source: "the host name" };
  return definition.default === undefined ? undefined : { text: definition.default, source: "the default" };
}
