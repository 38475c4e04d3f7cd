import { describe, expect, it } from "vitest";
import { type ReportCommandOptions, type ReportQuery, reportCommand } from "../../src/cli/commands/report.ts";
import { type Outcome, runPawl } from "./run-pawl.ts";

const now = Date.parse("2026-11-23T08:00:00Z");

interface Run extends Outcome {
  readonly query: ReportQuery | undefined;
  readonly files: Readonly<Record<string, string>>;
}

async function runReport(args: readonly string[], over: Partial<ReportCommandOptions> = {}): Promise<Run> {
  let query: ReportQuery | undefined;
  const files: Record<string, string> = {};
  const command = reportCommand({
    env: {},
    now: () => now,
    signal: new AbortController().signal,
    makeReports: async (asked) => {
      query = asked;
      return [{ render: (format) => `a digest as ${format}\n` }];
    },
    writeFile: async (path, text) => {
      files[path] = text;
    },
    ...over,
  });
  return { ...(await runPawl(["report", ...args], {}, [command])), query, files };
}

describe("pawl report", () => {
  it("prints the last seven days as text", async () => {
    const { query, ...outcome } = await runReport([]);

    expect(outcome).toEqual({ exitCode: 0, stdout: "a digest as text\n", stderr: "", files: {} });
    expect(query).toEqual({
      clusterName: "kubernetes",
      since: Date.parse("2026-11-16T08:00:00Z"),
      until: now,
      now,
      timeZone: "Etc/UTC",
      policies: [],
      namespaces: [],
      owners: [],
      sources: [],
    });
  });

  it.each([
    [["--since", "36h"], "2026-11-21T20:00:00Z", "2026-11-23T08:00:00Z"],
    [["--since", "2w", "--until", "1d"], "2026-11-08T08:00:00Z", "2026-11-22T08:00:00Z"],
    [["--since", "2026-11-14"], "2026-11-14T00:00:00Z", "2026-11-23T08:00:00Z"],
    [
      ["--since", "2026-11-14T09:00+01:00", "--until", "2026-11-15T09:00:00Z"],
      "2026-11-14T08:00:00Z",
      "2026-11-15T09:00:00Z",
    ],
  ])("reads the period %j", async (args, since, until) => {
    const { query } = await runReport(args);

    expect([query?.since, query?.until]).toEqual([Date.parse(since), Date.parse(until)]);
  });

  it("reads filters, cluster and time zone", async () => {
    const args = "--policy a --policy b --namespace shop-* --owner payments --source argocd:* --min-severity high";
    const { query } = await runReport([...args.split(" "), "--time-zone", "Europe/Berlin", "--context", "prod"], {
      env: { PAWL_CLUSTER_NAME: "blue", PAWL_KUBECONFIG: "/etc/pawl/kubeconfig", KUBECONFIG: "a:b" },
    });

    expect(query).toMatchObject({
      policies: ["a", "b"],
      namespaces: ["shop-*"],
      owners: ["payments"],
      sources: ["argocd:*"],
      minimumSeverity: "High",
      timeZone: "Europe/Berlin",
      clusterName: "blue",
      kubeconfig: "/etc/pawl/kubeconfig",
      context: "prod",
    });
  });

  it("writes several formats, one of them to stdout", async () => {
    const { stdout, files } = await runReport(["-o", "html=digest.html", "-o", "json=a=b.json", "-o", "markdown"]);

    expect({ stdout, files }).toEqual({
      stdout: "a digest as markdown\n",
      files: { "digest.html": "a digest as html\n", "a=b.json": "a digest as json\n" },
    });
  });

  it("ends with 3 where the digest does not tell everything, which stdout holds all the same", async () => {
    const outcome = await runReport([], {
      makeReports: async () => [{ render: () => "a digest\n", incomplete: "2 parts of reports missing" }],
    });

    expect(outcome).toMatchObject({
      exitCode: 3,
      stdout: "a digest\n",
      stderr: "pawl report: incomplete: 2 parts of reports missing\n",
    });
  });

  it("previews a subscription since its last digest, and says on stderr to whom what would be sent", async () => {
    let query: ReportQuery | undefined;
    const { stdout, stderr } = await runReport(["--preview", "monday"], {
      makeReports: async (asked) => {
        query = asked;
        return ["#payments", "#platform"].map((to) => ({ to: `To ${to}`, render: () => `a digest for ${to}\n` }));
      },
    });

    expect(query).toMatchObject({ preview: "monday", until: now });
    expect(query).not.toHaveProperty("since");
    expect(stderr).toBe("To #payments\nTo #platform\n");
    expect(stdout).toBe("a digest for #payments\n\na digest for #platform\n");
  });

  it.each([
    [
      ["--preview", "monday", "--owner", "a"],
      "--owner cannot stand beside --preview: the ReportSubscription has its own",
    ],
    [
      ["--preview", "monday", "--min-severity", "High"],
      "--min-severity cannot stand beside --preview: the ReportSubscription has its own",
    ],
    [["-o", "pdf"], '--output is "pdf", but must be one of text, markdown, html, json, slack'],
    [["-o", "html="], "--output is \"html=\": a file is missing behind '='"],
    [["-o", "html", "-o", "json"], "more than one --output goes to stdout: write the others as format=file"],
    [["--min-severity", "bad"], '--min-severity is "bad", but must be one of Critical, High, Medium, Low'],
    [["--time-zone", "Mars"], '--time-zone is "Mars", but must be an IANA name such as Europe/Berlin'],
    [
      ["--since", "last week"],
      '--since is "last week", but must be a span such as 7d or 36h, or a time such as 2026-11-14T09:00:00Z',
    ],
    [["--since", "0d"], "--since is not before the end of the period"],
    [["--until", "2027-01-01"], "--until lies in the future"],
    [["--cluster-name", "a b"], '--cluster-name is "a b", but must be 1 to 128 printable characters without blanks'],
  ])("tells in one line what is wrong with %j", async (args, message) => {
    const { query, ...outcome } = await runReport(args);

    expect(query).toBeUndefined();
    expect(outcome).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: `pawl report: ${message}; run 'pawl report --help' for help\n`,
    });
  });
});
