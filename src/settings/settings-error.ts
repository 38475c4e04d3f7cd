import type { SettingName } from "./table.ts";

export interface SettingProblem {
  readonly setting: SettingName;
  /** Where the value came from: `--log-level` or `PAWL_LOG_LEVEL`. */
  readonly source: string;
  /** What is wrong and what to write instead; names the source. */
  readonly message: string;
}

/** Settings that cannot be used. Names every one that is wrong, in the order of the table. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ message }) => message).join("; "));
    this.problems = problems;
  }
}
