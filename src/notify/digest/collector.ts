import type { Change, ClusterScanReport, ScanReport } from "../../api/scan-report.ts";
import type { ClusterScanReportPart, ScanReportPart } from "../../api/scan-report-part.ts";
import type { Severity } from "../../api/severity.ts";
import type { Row, ViolatingResource } from "../../api/violating.ts";
import { parseInstant } from "../../engine/ledger/instant.ts";
import { type Ownership, ownershipOf } from "../../engine/ownership/ownership.ts";
import type { Digest } from "../../formats/digest.ts";
import { AdoptionBook } from "./adoptions.ts";
import { ClosingBook } from "./closings.ts";
import { digestOf } from "./digest.ts";
import { selects, selectsPolicy, selectsReport } from "./filter.ts";
import type { PolicyFacts } from "./health.ts";
import { LedgerView } from "./ledger-view.ts";
import type { DigestRequest } from "./request.ts";
import { RuleBook } from "./rule-book.ts";
import { ViolationBook, violationKey } from "./violation.ts";

/** A Policy, as far as digests look at it. */
export interface CollectedPolicy extends PolicyFacts {
  /** Severities that its overrides give, by rule. */
  readonly severities: ReadonlyMap<string, Severity>;
}

/**
 * Gathers what a digest tells from Policies, reports and their parts, which pass by one at a time and are not kept: Policies first, then
 * reports, then parts. In any order within these, and if one comes twice, the same digest comes out.
 */
export class DigestCollector {
  readonly #request: DigestRequest;
  readonly #policies = new Map<string, PolicyFacts>();
  readonly #ledgers = new Map<string, LedgerView>();
  readonly #rules: RuleBook;
  readonly #violations = new ViolationBook();
  readonly #closings = new ClosingBook();
  readonly #adoptions = new AdoptionBook();
  readonly #accepted = new Set<string>();
  readonly #fresh = new Map<LedgerView, number>();
  readonly #ownership = new Map<string, Ownership>();
  readonly #unlisted = new Map<string, number>();

  constructor(request: DigestRequest) {
    this.#request = request;
    this.#rules = new RuleBook(request.catalogue);
  }

  policy({ name, status, severities }: CollectedPolicy): void {
    if (!selectsPolicy(this.#request.filter, name)) return;
    this.#policies.set(name, { name, status });
    this.#rules.override(name, severities);
  }

  report(report: ScanReport | ClusterScanReport): void {
    const ledger = new LedgerView(report);
    const { policy, namespace, rules } = ledger;
    const selected = selectsReport(this.#request.filter, policy, namespace === "" ? undefined : namespace);
    const key = ledgerKey(policy, namespace);
    if (!selected || !this.#policies.has(policy) || this.#ledgers.has(key)) return;
    this.#ledgers.set(key, ledger);
    this.#rules.add(policy, rules);
    for (const change of report.changes.toReversed()) this.#change(ledger, change);
    for (const resource of report.violating) this.#resource(ledger, resource);
  }

  /** Whether a report has its rows in parts that did not come yet. */
  get wantsParts(): boolean {
    return [...this.#ledgers.values()].some(({ missingParts }) => missingParts > 0);
  }

  /** A part of a report that was handed in; one of another k than the report names is passed over. */
  part(part: ScanReportPart | ClusterScanReportPart): void {
    const namespace = part.kind === "ScanReportPart" ? (part.metadata.namespace ?? "") : "";
    const ledger = this.#ledgers.get(ledgerKey(part.policyRef.name, namespace));
    if (ledger?.takes(part) !== true) return;
    for (const resource of part.violating) this.#resource(ledger, resource);
  }

  digest(): Digest {
    return digestOf({
      request: this.#request,
      policies: [...this.#policies.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ledgers: [...this.#ledgers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ledger]) => ledger),
      rules: this.#rules,
      violations: this.#violations.sorted(),
      closings: this.#closings,
      adoptions: this.#adoptions,
      freshIn: (ledger) => this.#fresh.get(ledger) ?? 0,
      ownershipOf: (namespace, ref) => this.#ownership.get(`${namespace}\n${ref}`),
      unlisted: [...this.#unlisted.values()].reduce((sum, more) => sum + more, 0),
    });
  }

  #change({ policy, namespace }: LedgerView, change: Change): void {
    const { at, ref, to, count = 1, reason, rule } = change;
    const { since, until } = this.#request;
    const instant = parseInstant(at);
    if (instant < since || instant >= until) return;
    const key = violationKey(namespace, ref, change);
    if (to === "Known" && reason === "Accepted") this.#accepted.add(`${policy}\n${key}`);
    const severity = this.#rules.severity(policy, rule);
    const ownership = ownershipOf(change.owner, change.source);
    this.#closings.change(key, { namespace, ref, severity, ownership, policy, to, count });
  }

  #resource(ledger: LedgerView, resource: ViolatingResource): void {
    const { namespace } = ledger;
    const { ref, rows, more = 0 } = resource;
    const ownership = ownershipOf(resource.owner, resource.source);
    ledger.note(resource);
    const name = `${namespace}\n${ref}`;
    this.#ownership.set(name, ownership);
    for (const row of rows) this.#row(ledger, ref, ownership, row);
    const isSelected = selects(this.#request.filter, { severity: "Critical", ...ownership, state: "Known" });
    if (more > 0 && isSelected) this.#unlisted.set(name, Math.max(more, this.#unlisted.get(name) ?? 0));
  }

  #row(ledger: LedgerView, ref: string, ownership: Ownership, row: Row): void {
    const { filter, since: begin, until } = this.#request;
    const { policy, namespace } = ledger;
    const { rule, path, count = 1, state = "Known", moved = false, value } = row;
    const key = violationKey(namespace, ref, row);
    const isNew = state === "New";
    this.#closings.row(key, isNew);
    const severity = this.#rules.severity(policy, rule);
    if (!selects(filter, { severity, ...ownership, state })) return;
    const since = row.since === undefined ? ledger.defaultSince : parseInstant(row.since);
    const isRecent = since >= begin && since < until;
    const isFresh = isNew && isRecent;
    if (isFresh) this.#fresh.set(ledger, (this.#fresh.get(ledger) ?? 0) + count);
    const isAdopted = !isNew && !moved && isRecent && ledger.takenAt !== undefined && since > ledger.takenAt;
    if (isAdopted && !this.#accepted.has(`${policy}\n${key}`)) this.#adoptions.add(policy, rule, count, since);
    this.#violations.add(
      key,
      { namespace, ref, rule, path, value, ...ownership },
      { policy, severity, count, isNew, isFresh, since },
    );
  }
}

function ledgerKey(policy: string, namespace: string): string {
  return `${namespace}\n${policy}`;
}
