import type { CliCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

/** `pawl version` */
export function versionCommand(build: { readonly version: string }): CliCommand {
  return {
    name: "version",
    summary: "Print the version",
    async run(_options, { stdout }) {
      stdout.write(`pawl ${build.version}\n`);
      return exitCodes.clean;
    },
  };
}
