import type { Severity } from "../../api/severity.ts";
import type { Instant } from "../../engine/ledger/instant.ts";
import type { ReportFilter } from "./filter.ts";

/** Which digest is asked for. */
export interface DigestRequest {
  readonly kind: "digest" | "baseline";
  readonly cluster: string;
  /** The period: `since` belongs to it, `until` does not. */
  readonly since: Instant;
  readonly until: Instant;
  /** When the reports are read. */
  readonly now: Instant;
  /** IANA name; all texts are in it. */
  readonly timeZone: string;
  readonly filter: ReportFilter;
  /** Of the subscription that it is for; it stands in the footer. */
  readonly subscription?: string;
  /** Immediate messages that were held back since the last digest. */
  readonly overflow?: number;
  /** When it was due, if that was missed. */
  readonly due?: Instant;
  /** When the next one is due; the report of the baseline names it. */
  readonly next?: Instant;
  /** Title and severity of rules of which no report holds a row any more, by id. */
  readonly catalogue: ReadonlyMap<string, CataloguedRule>;
}

export interface CataloguedRule {
  readonly title: string;
  readonly severity: Severity;
}
