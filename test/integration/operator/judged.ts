/** What an operator shows of one policy, read as administrator and put into lines that a test can compare. */
import { expect } from "vitest";
import type { Baseline, BaselineEntry } from "../../../src/api/baseline.ts";
import type { Policy } from "../../../src/api/policy.ts";
import type { PolicyStatus } from "../../../src/api/policy-status.ts";
import type { ScanReport } from "../../../src/api/scan-report.ts";
import type { ScanReportPart } from "../../../src/api/scan-report-part.ts";
import { uniqueName, type WaitOptions, waitFor } from "../cluster.ts";
import type { Bench } from "./bench.ts";

const group = "/apis/pawl.dev/v1alpha1";

interface List<T> {
  readonly items: readonly T[];
}

interface StoredEvent {
  readonly metadata: { readonly name: string };
  readonly type: string;
  readonly reason: string;
  readonly note?: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

export class Judged {
  readonly #bench: Bench;
  readonly policy: string;

  constructor(bench: Bench, policy: string) {
    this.#bench = bench;
    this.policy = policy;
  }

  get path(): string {
    return `${group}/policies/${this.policy}`;
  }

  async object(): Promise<Policy> {
    return await this.#bench.request<Policy>("GET", this.path);
  }

  async status(): Promise<PolicyStatus> {
    return (await this.object()).status ?? {};
  }

  /** `Ready=True InForce`, sorted. */
  async conditions(): Promise<readonly string[]> {
    const { conditions = [] } = await this.status();
    return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`).sort();
  }

  /** The report of a namespace; of cluster-scoped resources for the empty one, as everywhere here. */
  async report(namespace: string): Promise<ScanReport | undefined> {
    return await this.#bench.find<ScanReport>(reportPath(namespace, this.policy));
  }

  /**
   * `Deployment.apps/web memory-limit containers[name=app].resources.limits.memory New`, sorted; also from parts. Undefined
   * while there is no report.
   */
  async rows(namespace: string): Promise<readonly string[] | undefined> {
    const report = await this.report(namespace);
    if (report === undefined) return undefined;
    const { items } = await this.#bench.request<List<ScanReportPart>>(
      "GET",
      `${collection(namespace, "scanreportparts")}?labelSelector=${encodeURIComponent(`pawl.dev/policy=${this.policy}`)}`,
    );
    return [...report.violating, ...items.flatMap(({ violating }) => violating)]
      .flatMap(({ ref, rows }) =>
        rows.map(({ rule, path, state = "Known", moved = false, count = 1 }) =>
          [ref, rule, path, ...(count === 1 ? [] : [`×${count}`]), state, ...(moved ? ["moved"] : [])].join(" "),
        ),
      )
      .sort();
  }

  /** `Deployment.apps/web payments argocd:shop`, with `-` where nothing is known; sorted. */
  async owners(namespace: string): Promise<readonly string[] | undefined> {
    const report = await this.report(namespace);
    return report?.violating.map(({ ref, owner = "-", source = "-" }) => `${ref} ${owner} ${source}`).sort();
  }

  /** Waits until the report of the namespace names exactly these owners and sources, in any order. */
  async untilOwners(namespace: string, owners: readonly string[], options: Patience = {}): Promise<void> {
    await this.#untilLines(
      () => this.owners(namespace),
      owners,
      `as owners and sources in the report of ${this.policy} in ${namespace}`,
      options,
    );
  }

  /** Waits until the report of the namespace has exactly these rows, in any order. */
  async untilRows(namespace: string, rows: readonly string[], options: Patience = {}): Promise<void> {
    await this.#untilLines(
      () => this.rows(namespace),
      rows,
      `in the report of ${this.policy} in ${namespace}`,
      options,
    );
  }

  /** Waits until the Baseline of the namespace has exactly these entries, in any order. */
  async untilEntries(namespace: string, entries: readonly string[], options: Patience = {}): Promise<void> {
    await this.#untilLines(
      () => this.entries(namespace),
      entries,
      `in ${this.policy}'s Baseline of ${namespace}`,
      options,
    );
  }

  async #untilLines(
    read: () => Promise<readonly string[] | undefined>,
    lines: readonly string[],
    where: string,
    options: Patience,
  ): Promise<void> {
    const wanted = JSON.stringify([...lines].sort());
    await this.until(read, {
      describe: `${wanted} ${where}`,
      until: (found) => JSON.stringify(found) === wanted,
      ...options,
    });
  }

  /** `Deployment.apps/web memory-limit containers[name=app].resources.limits.memory New Found`, newest first. */
  async changes(namespace: string): Promise<readonly string[] | undefined> {
    const report = await this.report(namespace);
    return report?.changes.map(({ ref, rule, path, to, reason }) => `${ref} ${rule} ${path} ${to} ${reason}`);
  }

  /** `{ new, known, fixed }` of a report. */
  async counts(namespace: string): Promise<{ new: number; known: number; fixed: number } | undefined> {
    const summary = (await this.report(namespace))?.summary;
    return summary === undefined ? undefined : { new: summary.new, known: summary.known, fixed: summary.fixed };
  }

  /** Waits until the report of the namespace counts this; what is left out may be anything. */
  async untilCounts(
    namespace: string,
    counts: Partial<{ readonly new: number; readonly known: number; readonly fixed: number }>,
    options: Patience = {},
  ): Promise<void> {
    await this.until(() => this.counts(namespace), {
      describe: `${JSON.stringify(counts)} in the report of ${this.policy} in ${namespace}`,
      until: (found) => Object.entries(counts).every(([key, value]) => found[key as keyof typeof found] === value),
      ...options,
    });
  }

  /** Every object that holds a piece of the namespace's ledger, Baselines and reports alike. */
  async stored(namespace: string): Promise<readonly object[]> {
    const ofPolicy = `labelSelector=${encodeURIComponent(`pawl.dev/policy=${this.policy}`)}`;
    const paths = ["scanreports", "scanreportparts"].map((plural) => collection(namespace, plural));
    const lists = await Promise.all(
      [...paths, `${group}/baselines`].map((path) => this.#bench.request<List<object>>("GET", `${path}?${ofPolicy}`)),
    );
    return lists.flatMap(({ items }) => items);
  }

  baselinePath(namespace: string): string {
    return `${group}/baselines/${this.policy}.${namespace === "" ? "cluster" : `ns.${namespace}`}`;
  }

  async baseline(namespace: string): Promise<Baseline | undefined> {
    return await this.#bench.find<Baseline>(this.baselinePath(namespace));
  }

  /** `Deployment.apps/web memory-limit containers[name=app].resources.limits.memory`, then `absent` if so; sorted. */
  async entries(namespace: string): Promise<readonly string[] | undefined> {
    const baseline = await this.baseline(namespace);
    const line = (ref: string, { rule, path, absentSince }: BaselineEntry) =>
      [ref, rule, path, ...(absentSince === undefined ? [] : ["absent"])].join(" ");
    return baseline?.resources.flatMap(({ ref, entries }) => entries.map((entry) => line(ref, entry))).sort();
  }

  /** `Warning ViolationFound Deployment/web New: memory-limit at …`: Events in a namespace, sorted. */
  async events(namespace: string, reason?: string): Promise<readonly string[]> {
    const { items } = await this.#bench.request<List<StoredEvent>>(
      "GET",
      `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
    );
    return items
      .filter((event) => (reason === undefined ? ownReasons.has(event.reason) : event.reason === reason))
      .map(
        ({ type, reason: why, regarding, note = "" }) => `${type} ${why} ${regarding.kind}/${regarding.name} ${note}`,
      )
      .sort();
  }

  /** Events on the Policy itself, `Normal BaselineTaken …`; sorted. */
  async news(reason?: string): Promise<readonly string[]> {
    const about = ` Policy/${this.policy} `;
    const events = await this.events("default", reason);
    return events.filter((event) => event.includes(about)).map((event) => event.replace(about, " "));
  }

  /** Waits until the operator has sent exactly these Events in the namespace, in any order. */
  async untilEvents(namespace: string, events: readonly unknown[]): Promise<void> {
    await this.#untilAlike(() => this.events(namespace), events, `Events in ${namespace}`);
  }

  /** Waits until these Events stand on the Policy, in this order, which is that of their text. */
  async untilNews(news: readonly unknown[]): Promise<void> {
    await this.#untilAlike(() => this.news(), news, `Events on Policy ${this.policy}`);
  }

  async #untilAlike(read: () => Promise<readonly string[]>, wanted: readonly unknown[], what: string): Promise<void> {
    await this.until(
      async () => {
        const found = await read();
        expect(found, what).toEqual(wanted);
        return true;
      },
      { describe: what },
    );
  }

  /** Resolves when the Policy's current generation is in force and a full scan by it has ended. */
  async untilScanned(options: Patience = {}): Promise<PolicyStatus> {
    const { metadata, status } = await this.until(() => this.object(), {
      describe: `a first scan by Policy ${this.policy}`,
      until: ({ metadata: { generation }, status: now }) =>
        now?.inForce?.generation === generation && now?.lastScanTime !== undefined && now.summary !== undefined,
      ...options,
    });
    if (status === undefined) throw new Error(`Policy ${metadata.name} has no status`);
    return status;
  }

  /** Waits until what is created from now on is younger than the baseline: creation times have whole seconds. */
  async untilYounger(): Promise<void> {
    const { baselineTakenAt = "" } = await this.status();
    await this.until(() => Date.now() >= Date.parse(baselineTakenAt) + 1_000, {
      describe: `the second after ${baselineTakenAt}`,
    });
  }

  /** Asks for a full scan by the annotation and waits for its answer. */
  async scan(options: Patience = {}): Promise<void> {
    const request = uniqueName("scan");
    await this.#bench.request(
      "PATCH",
      this.path,
      { metadata: { annotations: { "pawl.dev/scan-requested-at": request } } },
      { contentType: "application/merge-patch+json" },
    );
    await this.until(() => this.status(), {
      describe: `the scan that was asked of Policy ${this.policy}`,
      until: ({ lastHandledScanRequest }) => lastHandledScanRequest === request,
      ...options,
    });
  }

  async until<T>(
    observe: () => T | Promise<T>,
    options: WaitOptions<NonNullable<T>>,
  ): Promise<Exclude<NonNullable<T>, false>> {
    return await waitFor(observe, options);
  }
}

export type Patience = Pick<WaitOptions<unknown>, "timeoutMs">;

/** What the operator says; other components send Events of their own. */
const ownReasons: ReadonlySet<string> = new Set([
  "ViolationFound",
  "ViolationFixed",
  "RuleAdopted",
  "BaselineTaken",
  "BaselineRestored",
  "PolicyReady",
  "PolicyInvalid",
  "ScanDegraded",
  "ScanRecovered",
  "EventsSuppressed",
]);

function collection(namespace: string, plural: string): string {
  return namespace === "" ? `${group}/cluster${plural}` : `${group}/namespaces/${namespace}/${plural}`;
}

export function reportPath(namespace: string, policy: string): string {
  return `${collection(namespace, "scanreports")}/${policy}`;
}
