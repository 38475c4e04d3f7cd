import { Option, type OptionValues } from "commander";
import type { SettingsInput } from "../../settings/read-settings.ts";
import type { CliCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { sharedSettings } from "../shared-settings.ts";

/** What is to be deleted, and in which cluster. */
export interface UninstallQuery {
  /** Absent: as kubectl finds it, or the Pod's service account. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where the operator's Lease is. */
  readonly namespace: string;
  readonly leaseName: string;
  /** Whether Baselines go too. */
  readonly baselines: boolean;
  /** Finds everything and deletes nothing. */
  readonly dryRun: boolean;
}

/** An object that the operator made. */
export interface UninstalledObject {
  readonly kind: string;
  /** Empty for cluster-scoped ones. */
  readonly namespace: string;
  readonly name: string;
}

export interface Uninstalled {
  /** Baselines that stay, for they were not asked for. */
  readonly keptBaselines: number;
  readonly lease: /** Someone holds it who is alive, so that deleting would be refused; only in a dry run. */
    | { readonly state: "held"; readonly holder: string }
    | { readonly state: "free" }
    /** Deleted before, or the operator was never in that namespace. */
    | { readonly state: "absent" };
}

export interface UninstallCommandOptions {
  readonly env: SettingsInput["env"];
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /**
   * Calls `each` for every object that is deleted, or in a dry run would be.
   * Rejects, in words that say what to do, if an operator runs, or if the cluster cannot be read or written.
   */
  uninstall(
    query: UninstallQuery,
    each: (object: UninstalledObject) => void,
    signal: AbortSignal,
  ): Promise<Uninstalled>;
}

/** `pawl uninstall`: lists what the operator made, and deletes it with `--yes`. What people made stays in any case. */
export function uninstallCommand(options: UninstallCommandOptions): CliCommand {
  return {
    name: "uninstall",
    summary: "List what the operator made, and delete it with --yes",
    configure(command) {
      for (const option of flags()) command.addOption(option);
    },
    async run(given, { stdout, stderr }) {
      const query = queryOf(given, options.env);
      let count = 0;
      const { keptBaselines, lease } = await options.uninstall(
        query,
        ({ kind, namespace, name }) => {
          count++;
          stdout.write(`${kind} ${namespace === "" ? "" : `${namespace}/`}${name}\n`);
        },
        options.signal,
      );
      const tell = (line: string) => stderr.write(`pawl uninstall: ${line}\n`);
      const where = `Lease ${query.namespace}/${query.leaseName}`;
      if (query.dryRun) {
        tell(count === 0 ? "nothing to delete" : `${objects(count)} would be deleted; nothing was, for want of --yes`);
        if (lease.state === "held")
          tell(`--yes will be refused as long as an operator runs: ${lease.holder} holds ${where}`);
      } else tell(count === 0 ? "there was nothing to delete" : `deleted ${objects(count)}`);
      if (lease.state === "absent")
        tell(`there is no ${where}: if the operator was installed elsewhere, name that with --namespace`);
      if (keptBaselines > 0)
        tell(
          `${keptBaselines === 1 ? "1 Baseline stays" : `${keptBaselines} Baselines stay`}; --baselines takes them too`,
        );
      return exitCodes.clean;
    },
  };
}

function flags(): readonly Option[] {
  return [
    new Option("--yes", "delete what is listed; without it nothing is"),
    new Option("--baselines", "delete Baselines too: which violations were known is then forgotten for good"),
    new Option(
      "--namespace <name>",
      "namespace of the operator (default: pawl-system; env: PAWL_NAMESPACE, POD_NAMESPACE)",
    ),
    new Option("--lease-name <name>", "name of the operator's Lease (default: pawl-operator; env: PAWL_LEASE_NAME)"),
    new Option(
      "--kubeconfig <file>",
      "kubeconfig file (env: PAWL_KUBECONFIG, KUBECONFIG; else as kubectl, else the Pod's)",
    ),
    new Option("--context <name>", "context of the kubeconfig (default: its current one)"),
  ];
}

function queryOf(given: OptionValues, env: SettingsInput["env"]): UninstallQuery {
  const { kubeconfig, namespace, leaseName } = sharedSettings(["kubeconfig", "namespace", "leaseName"], given, env);
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(given.context === undefined ? {} : { context: String(given.context) }),
    namespace,
    leaseName,
    baselines: given.baselines === true,
    dryRun: given.yes !== true,
  };
}

function objects(count: number): string {
  return count === 1 ? "1 object" : `${count} objects`;
}
