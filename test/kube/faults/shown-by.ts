/** The metric that shows a fault, as the name of its test promises it. */
export interface Shown {
  /** `pawl_watch_restarts_total` */
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads `…, shown by pawl_watch_restarts_total{reason="error"}` at the end of a name. */
export function shownBy(name: string): Shown {
  const [, metric, selector = ""] = /, shown by (pawl_\w+)(?:\{(.*)\})?$/.exec(name) ?? [];
  if (metric === undefined) throw new Error(`${name}: a fault's name ends with ", shown by" and a metric`);
  return {
    metric,
    labels: Object.fromEntries([...selector.matchAll(/(\w+)="([^"]*)"/g)].map(([, l = "", v = ""]) => [l, v])),
  };
}
