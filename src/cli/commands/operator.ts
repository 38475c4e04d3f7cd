import { Option } from "commander";
import { readSettings, type Settings, type SettingsInput } from "../../settings/read-settings.ts";
import { SettingsError } from "../../settings/settings-error.ts";
import { type SettingDefinition, settingsTable } from "../../settings/table.ts";
import type { CliCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

export interface OperatorCommandOptions {
  readonly env: SettingsInput["env"];
  readonly fallbackIdentity: string;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Runs until `signal` aborts, then ends in order. Rejects if it cannot start or go on. */
  runOperator(settings: Settings, signal: AbortSignal): Promise<void>;
}

/** `pawl operator`; its flags are the rows of the settings table. */
export function operatorCommand(options: OperatorCommandOptions): CliCommand {
  return {
    name: "operator",
    summary: "Run the operator",
    configure(command) {
      command.configureHelp({ optionDescription: ({ description }) => description });
      for (const definition of Object.values<SettingDefinition>(settingsTable)) command.addOption(flagOf(definition));
    },
    async run(given) {
      await options.runOperator(settingsOf(given, options), options.signal);
      return exitCodes.clean;
    },
  };
}

function flagOf({ flag, env, default: text, description, isSwitch }: SettingDefinition): Option {
  const details = [...(text === undefined ? [] : [`default: ${text}`]), `env: ${env.join(", ")}`].join("; ");
  const option = new Option(`--${flag} ${isSwitch ? "[value]" : "<value>"}`, `${description} (${details})`);
  return isSwitch ? option.preset("true") : option;
}

function settingsOf(given: SettingsInput["options"], { env, fallbackIdentity }: OperatorCommandOptions): Settings {
  try {
    return readSettings({ options: given, env, fallbackIdentity });
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
