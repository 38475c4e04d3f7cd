import { readStored } from "../../api/read-stored.ts";
import type { Change, HoistedRule, ScanReport } from "../../api/scan-report.ts";
import { clusterScanReportKind, scanReportKind } from "../../api/scan-report.ts";
import type { Row } from "../../api/violating.ts";
import { parseInstant } from "../../engine/ledger/instant.ts";
import { violationKey } from "../../engine/violation.ts";
import type { ObjectKey } from "../../kube/api-type.ts";
import type { RawObject } from "../../kube/object.ts";
import type { CataloguedRule } from "../digest/request.ts";
import type { ReportedChange } from "./happening.ts";

interface Known {
  readonly changes: readonly ReportedChange[];
  readonly arrivals: ReadonlyMap<string, number>;
}

/** What the `changes` of all reports say, put together from reports as they pass by: nothing else of them is kept. */
export class ReportBook {
  readonly #catalogue: ReadonlyMap<string, CataloguedRule>;
  readonly #reports = new Map<string, Known>();
  #arrived = 0;

  /** @param catalogue title and severity of rules of which a report holds no row any more */
  constructor(catalogue: ReadonlyMap<string, CataloguedRule>) {
    this.#catalogue = catalogue;
  }

  /** The last arrival. */
  get arrived(): number {
    return this.#arrived;
  }

  /** @param initial it was there when this process came; else what is in it and was not before has just appeared */
  upsert(object: RawObject, initial: boolean): void {
    const definition = object.kind === scanReportKind.kind ? scanReportKind : clusterScanReportKind;
    const reading = readStored<typeof scanReportKind.schema>(definition as typeof scanReportKind, object);
    if (!reading.ok) return;
    const report = reading.value;
    const key = keyOf({ namespace: report.metadata.namespace ?? "", name: report.metadata.name });
    const before = this.#reports.get(key)?.arrivals;
    if (report.changes.length === 0 && before === undefined) return;
    const arrivals = new Map<string, number>();
    for (const { id } of report.changes.toReversed()) {
      const known = before?.get(id) ?? (initial && before === undefined ? 0 : undefined);
      if (known === undefined) this.#arrived += 1;
      arrivals.set(id, known ?? this.#arrived);
    }
    const rows = rowsOf(report);
    const changes = report.changes.map((change) => this.#changeOf(report, change, rows, arrivals.get(change.id) ?? 0));
    this.#reports.set(key, { changes, arrivals });
  }

  /** What it had told of is forgotten with it. */
  delete(key: ObjectKey): void {
    this.#reports.delete(keyOf(key));
  }

  changes(): readonly ReportedChange[] {
    return [...this.#reports.values()].flatMap(({ changes }) => changes);
  }

  #changeOf(report: ScanReport, change: Change, rows: Rows, arrival: number): ReportedChange {
    const { id, at, ref, rule, path, class: valueClass, count = 1, to } = change;
    const resource = rows.get(ref);
    const row = resource?.rows.get(violationKey(change));
    const { severity, title, helpUrl } = this.#ruleOf(report.rules[rule], rule);
    const owner = change.owner ?? resource?.owner;
    const source = change.source ?? resource?.source;
    return {
      kind: "change",
      id,
      at: parseInstant(at),
      arrival,
      policy: report.policyRef.name,
      rule,
      severity,
      title,
      ...(helpUrl === undefined ? {} : { helpUrl }),
      namespace: report.metadata.namespace ?? "",
      ref,
      path,
      ...(valueClass === undefined ? {} : { class: valueClass }),
      count,
      to,
      ...(owner === undefined ? {} : { owner }),
      ...(source === undefined ? {} : { source }),
      ...(report.parts === 0 ? { isThere: row !== undefined } : {}),
      ...(row?.value === undefined ? {} : { value: row.value }),
      ...(row?.since === undefined ? {} : { since: parseInstant(row.since) }),
    };
  }

  #ruleOf(hoisted: HoistedRule | undefined, rule: string): Pick<HoistedRule, "severity" | "title" | "helpUrl"> {
    return hoisted ?? this.#catalogue.get(rule) ?? { severity: "Low", title: rule };
  }
}

interface Resource {
  readonly owner: string | undefined;
  readonly source: string | undefined;
  readonly rows: ReadonlyMap<string, Row>;
}

type Rows = ReadonlyMap<string, Resource>;

/** The rows of the resources that changes name, by violation. */
function rowsOf({ changes, violating }: ScanReport): Rows {
  const named = new Set(changes.map(({ ref }) => ref));
  return new Map(
    violating
      .filter(({ ref }) => named.has(ref))
      .map(({ ref, owner, source, rows }) => [
        ref,
        { owner, source, rows: new Map(rows.map((row) => [violationKey(row), row])) },
      ]),
  );
}

function keyOf({ namespace, name }: ObjectKey): string {
  return `${namespace}/${name}`;
}
