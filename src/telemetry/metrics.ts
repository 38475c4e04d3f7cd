import {
  Counter as ClientCounter,
  Gauge as ClientGauge,
  Histogram as ClientHistogram,
  collectDefaultMetrics,
  Registry,
} from "prom-client";
import { type MetricDefinition, type MetricTable, metricTable } from "./metric-table.ts";
import { ViolationSeries } from "./violation-series.ts";

/** Labels are given whole: `{}` for a metric without labels. */
interface Counter<Labels> {
  /** By 0 to make a series known before it first counts. */
  increment(labels: Labels, by?: number): void;
}

interface Gauge<Labels> {
  set(labels: Labels, value: number): void;
  /** There is no value any more; one that never was is no error. */
  remove(labels: Labels): void;
}

interface Histogram<Labels> {
  observe(labels: Labels, value: number): void;
}

type LabelsOf<Definition extends MetricDefinition> = { readonly [Label in Definition["labels"][number]]: string };

type Handle<Definition extends MetricDefinition> = Definition["kind"] extends "counter"
  ? Counter<LabelsOf<Definition>>
  : Definition["kind"] extends "gauge"
    ? Gauge<LabelsOf<Definition>>
    : Histogram<LabelsOf<Definition>>;

/** Set by this module itself. */
type OwnMetric = "leader" | "buildInfo" | "seriesDropped";

type Handles = {
  readonly [Key in keyof MetricTable as MetricTable[Key] extends { readonly capped: true }
    ? never
    : Exclude<Key, OwnMetric>]: Handle<MetricTable[Key]>;
};

/** The metrics of `metricTable`, one handle each, and what stands beside them. */
export interface Metrics extends Handles {
  readonly violationSeries: ViolationSeries;
  /** Sets `pawl_leader`; what only the leader knows is exposed from here on, or no more. */
  setLeader(leader: boolean): void;
  /** Drops every series of a policy or subscription that is gone, or of a kind that is no longer watched. */
  forget(label: "policy" | "subscription" | "kind", value: string): void;
  /** Content type of `exposition`. */
  readonly contentType: string;
  /** All metrics in the Prometheus text format, in pieces, each ending with a line. */
  exposition(): AsyncGenerator<string, void, void>;
}

/**
 * Creates the metrics on registries of their own, those of the process (`process_*`, `nodejs_*`) included.
 * Starts as a standby.
 * @throws RangeError if the series cap is too small (`ViolationSeries`)
 */
export function createMetrics(options: {
  readonly version: string;
  readonly cluster: string;
  readonly seriesCap?: number;
}): Metrics {
  const always = new Registry();
  const leaderOnly = new Registry();
  const series: ClientSeries[] = [];
  const violationSeries = new ViolationSeries(options.seriesCap === undefined ? {} : { cap: options.seriesCap });
  let leads = false;

  const registryOf = (definition: MetricDefinition) => (definition.leaderOnly ? leaderOnly : always);
  const track = (definition: MetricDefinition, client: Removable): ClientSeries => {
    const known = new ClientSeries(definition, client);
    series.push(known);
    return known;
  };
  const counter = <Definition extends MetricDefinition>(definition: Definition): Counter<LabelsOf<Definition>> => {
    const client = new ClientCounter({ ...configuration(definition), registers: [registryOf(definition)] });
    const known = track(definition, client);
    return { increment: (labels, by = 1) => client.inc(known.note(labels), by) };
  };
  const gauge = <Definition extends MetricDefinition>(definition: Definition): Gauge<LabelsOf<Definition>> => {
    const client = new ClientGauge({ ...configuration(definition), registers: [registryOf(definition)] });
    const known = track(definition, client);
    return {
      set: (labels, value) => client.set(known.note(labels), value),
      remove: (labels) => client.remove(labels),
    };
  };
  const histogram = <Definition extends MetricDefinition>(definition: Definition): Histogram<LabelsOf<Definition>> => {
    const client = new ClientHistogram({
      ...configuration(definition),
      ...(definition.buckets === undefined ? {} : { buckets: [...definition.buckets] }),
      registers: [registryOf(definition)],
    });
    const known = track(definition, client);
    return { observe: (labels, value) => client.observe(known.note(labels), value) };
  };

  const seriesDropped = gauge(metricTable.seriesDropped);
  const leader = gauge(metricTable.leader);
  gauge(metricTable.buildInfo).set({ version: options.version, cluster: options.cluster }, 1);
  collectDefaultMetrics({ register: always });

  return {
    resources: gauge(metricTable.resources),
    score: gauge(metricTable.score),
    violationsFound: counter(metricTable.violationsFound),
    violationsFixed: counter(metricTable.violationsFixed),
    baselineEntries: gauge(metricTable.baselineEntries),
    scanLastSuccess: gauge(metricTable.scanLastSuccess),
    scanNext: gauge(metricTable.scanNext),
    scanDuration: histogram(metricTable.scanDuration),
    scanObjects: gauge(metricTable.scanObjects),
    scanCoverage: gauge(metricTable.scanCoverage),
    objectEvaluation: histogram(metricTable.objectEvaluation),
    watchRestarts: counter(metricTable.watchRestarts),
    watchLastActivity: gauge(metricTable.watchLastActivity),
    queueDepth: gauge(metricTable.queueDepth),
    reportWrites: counter(metricTable.reportWrites),
    eventsEmitted: counter(metricTable.eventsEmitted),
    notifications: counter(metricTable.notifications),
    violationSeries,
    contentType: always.contentType,
    setLeader(now) {
      leads = now;
      violationSeries.setLeader(now);
      leader.set({}, now ? 1 : 0);
    },
    forget(label, value) {
      for (const known of series) known.forget(label, value);
      if (label === "policy") violationSeries.remove(value);
    },
    async *exposition() {
      seriesDropped.set({}, violationSeries.dropped);
      yield await always.metrics();
      if (!leads) return;
      yield await leaderOnly.metrics();
      yield* violationSeries.exposition();
    },
  };
}

function configuration({ name, help, labels }: MetricDefinition): {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
} {
  return { name, help, labelNames: labels };
}

type Labels = Readonly<Record<string, string>>;

interface Removable {
  remove(labels: Labels): void;
}

/** Which series a metric of prom-client has: it removes only what is named by all its labels. */
class ClientSeries {
  readonly #labels: readonly string[];
  readonly #client: Removable;
  readonly #series = new Map<string, Labels>();

  constructor(definition: MetricDefinition, client: Removable) {
    this.#labels = definition.labels;
    this.#client = client;
  }

  note(labels: Labels): Labels {
    if (this.#labels.length > 0) this.#series.set(JSON.stringify(this.#labels.map((label) => labels[label])), labels);
    return labels;
  }

  forget(label: string, value: string): void {
    for (const [key, labels] of this.#series) {
      if (labels[label] !== value) continue;
      this.#client.remove(labels);
      this.#series.delete(key);
    }
  }
}
