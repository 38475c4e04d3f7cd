/** A dashboard, without what is Grafana's own: ids, places, colours. */
export interface Board {
  /** Part of the file name and of the address: `overview`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  /** From the top; panels of a row stand side by side and share its width of 24 columns. */
  readonly rows: readonly Row[];
}

/** A drop-down list filled with the values of a label, of which one can be chosen. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** PromQL series selector whose label is listed. */
  readonly of: string;
  readonly from: string;
}

export interface Row {
  readonly title: string;
  /** In units of Grafana's grid. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

export type Unit = "short" | "percentunit" | "s" | "dateTimeFromNow" | "bytes" | "reqps" | "none";

export interface Panel {
  readonly kind: "stat" | "timeseries" | "table" | "bars";
  readonly title: string;
  /** What the reader learns from it; shown behind the panel's ⓘ. */
  readonly tells: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** The value from which the panel turns to the colour; sorted. Without it the panel is plain. */
  readonly thresholds?: readonly { readonly from: number; readonly colour: "green" | "yellow" | "orange" | "red" }[];
  /** Why the query may find nothing in a healthy cluster. A query that does not say so must return data. */
  readonly emptyWhen?: string;
}

export interface Query {
  /** PromQL; may name the variables of the board. */
  readonly expr: string;
  /** `{{severity}}`. */
  readonly legend: string;
}
