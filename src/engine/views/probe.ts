import { stableJson } from "../values/stable-json.ts";
import type { ContainerView, ProbeField } from "./container.ts";
import { type Fields, fieldsAt, integerAt, listAt, recordsAt, textAt, valueAt } from "./fields.ts";
import type { PodSpecView } from "./pod-spec.ts";

export const probeFields = ["livenessProbe", "readinessProbe", "startupProbe"] as const satisfies readonly ProbeField[];

/** A container that runs on without the probe: it is not written, or asks nothing. */
export interface AbsentProbe {
  readonly container: ContainerView;
  readonly messageId: "missing" | "noHandler";
}

export function absentProbes(pod: PodSpecView | undefined, field: ProbeField): readonly AbsentProbe[] {
  return (pod?.run ?? [])
    .filter((container) => container.probe(field) === undefined)
    .map((container) => ({
      container,
      messageId: fieldsAt(container.fields, field) === undefined ? "missing" : "noHandler",
    }));
}

/** The fields of a probe that say when it acts, with what the API server puts in place of nothing and of 0. */
export const timingDefaults = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
} as const;

export type TimingField = keyof typeof timingDefaults;

export function effectiveTiming(probe: Fields, field: TimingField): number {
  return integerAt(probe, field) || timingDefaults[field];
}

/** Seconds that a container may fail before the probe acts, but for the initial delay. */
export function patience(probe: Fields): number {
  return effectiveTiming(probe, "periodSeconds") * effectiveTiming(probe, "failureThreshold");
}

/** What the probe asks, with its defaults filled in and port names resolved: equal for probes that ask the same. */
export function effectiveHandler(probe: Fields, container: ContainerView): string {
  return stableJson([
    textsOfCommand(fieldsAt(probe, "exec")),
    withDefaults(fieldsAt(probe, "httpGet"), container, { path: "/", scheme: "HTTP" }),
    withDefaults(fieldsAt(probe, "tcpSocket"), container, {}),
    withDefaults(fieldsAt(probe, "grpc"), container, {}),
  ]);
}

function textsOfCommand(exec: Fields | undefined): unknown {
  return exec === undefined ? null : listAt(exec, "command");
}

function withDefaults(handler: Fields | undefined, container: ContainerView, defaults: Fields): unknown {
  if (handler === undefined) return null;
  const written = Object.entries(handler).filter(([, value]) => value !== null && value !== "");
  return {
    ...defaults,
    ...Object.fromEntries(written),
    port: portNumber(valueAt(handler, "port"), container),
  };
}

function portNumber(port: unknown, { fields }: ContainerView): unknown {
  if (typeof port !== "string") return port ?? null;
  const named = recordsAt(fields, "ports").find((one) => textAt(one, "name") === port);
  return integerAt(named, "containerPort") ?? port;
}

export const timingFields = [
  "initialDelaySeconds",
  "periodSeconds",
  "timeoutSeconds",
  "successThreshold",
  "failureThreshold",
] as const satisfies readonly TimingField[];

/** A timing that a probe leaves to the API server. */
export interface UnwrittenTiming {
  readonly container: ContainerView;
  readonly probe: ProbeField;
  readonly fields: Fields;
  readonly timing: TimingField;
}

/** What the probes of a pod do not state, with a handler or not; a 0 states nothing but the initial delay. */
export function unwrittenTimings(
  pod: PodSpecView | undefined,
  timings: readonly TimingField[],
): readonly UnwrittenTiming[] {
  return (pod?.all ?? []).flatMap((container) =>
    probeFields.flatMap((probe) => {
      const fields = fieldsAt(container.fields, probe);
      if (fields === undefined || Object.keys(fields).length === 0) return [];
      return timings
        .filter((timing) => !isStated(fields, timing))
        .map((timing) => ({ container, probe, fields, timing }));
    }),
  );
}

function isStated(probe: Fields, timing: TimingField): boolean {
  const written = integerAt(probe, timing);
  return written !== undefined && (written !== 0 || timing === "initialDelaySeconds");
}
