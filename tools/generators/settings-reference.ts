import { type SettingDefinition, settingsTable } from "../../src/settings/table.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";

/** Every setting of `pawl operator`, in `docs/reference/settings.md`. */
export const settingsReference: Generator = {
  name: "settings-reference",
  outputs: async () => new Map([["docs/reference/settings.md", page(Object.values<SettingDefinition>(settingsTable))]]),
};

function page(settings: readonly SettingDefinition[]): string {
  return `${[
    `<!-- ${notice("settings-reference", "src/settings/table.ts")} -->`,
    "# Settings of the operator",
    "`pawl operator` reads flags and environment variables, and nothing else. A flag wins over a variable, a variable over the default. Of two variables the first that is set counts; one that is set but empty counts as not set. A value that cannot be read ends the command with status 2, and every wrong one is named.",
    table(
      ["Flag", "Environment", "Default", "What it sets", "Value"],
      settings.map(({ flag, env, default: text, description, expected, isSwitch }) => [
        code(`--${flag}${isSwitch ? "[=…]" : ""}`),
        env.map(code).join(", "),
        text === undefined ? "" : code(text),
        description,
        expected,
      ]),
    ),
    "A flag written with `[=…]` may stand alone and then means `true`.",
  ].join("\n\n")}\n`;
}
