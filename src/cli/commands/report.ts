import { Option, type OptionValues } from "commander";
import type { SettingsInput } from "../../settings/read-settings.ts";
import type { CliCommand, Streams } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import {
  type Output,
  type OutputFormat,
  parseInstant,
  parseOutput,
  parseSeverity,
  parseTimeZone,
  type SeverityName,
} from "../report-query.ts";
import { sharedSettings } from "../shared-settings.ts";
import { UsageError } from "../usage-error.ts";

/** Which digest is asked for, of which cluster. */
export interface ReportQuery {
  /** Absent: as kubectl finds it, or the Pod's service account. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterName: string;
  /** Name of a ReportSubscription whose next digest is asked for; it has a filter and a time zone of its own. */
  readonly preview?: string;
  /** Milliseconds since the epoch. Absent only with `preview`: since its last digest. */
  readonly since?: number;
  readonly until: number;
  readonly now: number;
  readonly timeZone: string;
  /** Empty: all. Namespaces, owners and sources may be patterns. */
  readonly policies: readonly string[];
  readonly namespaces: readonly string[];
  readonly owners: readonly string[];
  readonly sources: readonly string[];
  readonly minimumSeverity?: SeverityName;
}

/** One digest in the formats that it is asked for. */
export interface RenderedReport {
  /** To whom it would be sent, and when; absent without `preview`. */
  readonly to?: string;
  render(format: OutputFormat): string;
  /** Why its numbers are not those of everything in scope; absent if they are. */
  readonly incomplete?: string;
}

export interface ReportCommandOptions {
  readonly env: SettingsInput["env"];
  readonly now: () => number;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /**
   * One digest, or with `preview` one for each channel. Rejects, in words that say what to do, if the cluster, its reports or the
   * subscription cannot be read.
   */
  makeReports(query: ReportQuery, signal: AbortSignal): Promise<readonly RenderedReport[]>;
  writeFile(path: string, text: string): Promise<void>;
}

/** `pawl report`: prints the digest of the cluster's reports. Sends nothing. */
export function reportCommand(options: ReportCommandOptions): CliCommand {
  return {
    name: "report",
    summary: "Print what changed in the cluster's reports, as a digest would tell it",
    configure(command) {
      for (const option of flags()) command.addOption(option);
    },
    async run(given, streams) {
      const outputs = outputsOf(given);
      const reports = await options.makeReports(queryOf(given, options), options.signal);
      for (const { to } of reports) if (to !== undefined) streams.stderr.write(`${to}\n`);
      for (const output of outputs)
        await write(
          reports.map((report) => report.render(output.format)),
          output,
          streams,
          options,
        );
      const incomplete = reports.find((report) => report.incomplete !== undefined)?.incomplete;
      if (incomplete === undefined) return exitCodes.clean;
      streams.stderr.write(`pawl report: incomplete: ${incomplete}\n`);
      return exitCodes.incomplete;
    },
  };
}

function flags(): readonly Option[] {
  const repeated = (flag: string, description: string) =>
    new Option(flag, `${description} (may be repeated)`).argParser(added);
  return [
    new Option(
      "--since <time>",
      "begin of the period: a span before its end such as 7d or 36h, or a time (default: 7d)",
    ),
    new Option("--until <time>", "end of the period: a span before now, or a time (default: now)"),
    new Option("--time-zone <name>", "IANA time zone of all times that are told (default: Etc/UTC)"),
    repeated("-o, --output <format>", "text, markdown, html, json or slack, or format=file; default text"),
    repeated("--policy <name>", "only this policy"),
    repeated("--namespace <pattern>", "only these namespaces"),
    repeated("--owner <pattern>", "only resources of these teams; unowned: those without one"),
    repeated("--source <pattern>", "only resources from these charts or Applications, such as argocd:shop"),
    new Option("--min-severity <severity>", "only this severity and worse: Critical, High, Medium or Low"),
    new Option("--preview <name>", "what this ReportSubscription would send now, and to whom; nothing is sent"),
    new Option(
      "--kubeconfig <file>",
      "kubeconfig file (env: PAWL_KUBECONFIG, KUBECONFIG; else as kubectl, else the Pod's)",
    ),
    new Option("--context <name>", "context of the kubeconfig (default: its current one)"),
    new Option("--cluster-name <name>", "name of the cluster in the digest (env: PAWL_CLUSTER_NAME)"),
  ];
}

function added(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

function outputsOf(given: OptionValues): readonly Output[] {
  const outputs = textsOf(given.output).map(parseOutput);
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError("more than one --output goes to stdout: write the others as format=file");
  return outputs.length === 0 ? [{ format: "text" }] : outputs;
}

function queryOf(given: OptionValues, { env, now: clock }: ReportCommandOptions): ReportQuery {
  const now = clock();
  const until = given.until === undefined ? now : parseInstant("--until", String(given.until), now);
  if (until > now) throw new UsageError("--until lies in the future");
  const since = sinceOf(given, until);
  if (since !== undefined && since >= until) throw new UsageError("--since is not before the end of the period");
  if (given.preview !== undefined) refuse(given, ["timeZone", "policy", "namespace", "owner", "source", "minSeverity"]);
  const { clusterName, kubeconfig } = sharedSettings(["clusterName", "kubeconfig"], given, env);
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(given.context === undefined ? {} : { context: String(given.context) }),
    clusterName,
    ...(given.preview === undefined ? {} : { preview: String(given.preview) }),
    ...(since === undefined ? {} : { since }),
    until,
    now,
    timeZone: parseTimeZone(String(given.timeZone ?? "Etc/UTC")),
    policies: textsOf(given.policy),
    namespaces: textsOf(given.namespace),
    owners: textsOf(given.owner),
    sources: textsOf(given.source),
    ...(given.minSeverity === undefined ? {} : { minimumSeverity: parseSeverity(String(given.minSeverity)) }),
  };
}

function sinceOf({ since, preview }: OptionValues, until: number): number | undefined {
  if (since === undefined && preview !== undefined) return undefined;
  return parseInstant("--since", String(since ?? "7d"), until);
}

/** A subscription brings these itself: a preview of something else would be none. */
function refuse(given: OptionValues, names: readonly string[]): void {
  const wrong = names.find((name) => given[name] !== undefined);
  if (wrong === undefined) return;
  const flag = wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} cannot stand beside --preview: the ReportSubscription has its own`);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

async function write(
  texts: readonly string[],
  { file }: Output,
  { stdout }: Streams,
  { writeFile }: ReportCommandOptions,
): Promise<void> {
  const text = texts.join("\n");
  if (file === undefined) stdout.write(text);
  else await writeFile(file, text);
}
