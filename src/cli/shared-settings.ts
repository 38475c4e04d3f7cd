import type { OptionValues } from "commander";
import { readSettings, type Settings, type SettingsInput } from "../settings/read-settings.ts";
import { SettingsError } from "../settings/settings-error.ts";
import { type SettingName, settingsTable } from "../settings/table.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Settings of the operator that a command takes too, from its flags, the operator's variables and the operator's defaults.
 * @throws UsageError that names every wrong one
 */
export function sharedSettings<Name extends SettingName>(
  names: readonly Name[],
  given: OptionValues,
  env: SettingsInput["env"],
): Pick<Settings, Name> {
  const options = names.flatMap((name) => (given[name] === undefined ? [] : [[name, String(given[name])]]));
  const variables = names
    .flatMap((name): readonly string[] => settingsTable[name].env)
    // May name several files, as for kubectl: that is read where they are loaded.
    .filter((variable) => variable !== "KUBECONFIG");
  try {
    return readSettings({
      options: Object.fromEntries(options),
      env: Object.fromEntries(variables.map((variable) => [variable, env[variable]])),
      fallbackIdentity: "command",
    });
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
