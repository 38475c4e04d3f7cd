import { type Fields, fieldsAt, flagAt, recordsAt, textAt } from "./fields.ts";
import { below, type Path, type Step } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** A place in a pod spec that cannot start without a ConfigMap, or without one key of it. */
export interface ConfigMapReference {
  readonly path: Path;
  readonly name: string;
  /** Undefined where the whole ConfigMap is used. */
  readonly key: string | undefined;
}

/** References by env, envFrom, volumes and projected volumes of all containers; without the optional ones. */
export function configMapReferences(pod: PodSpecView): readonly ConfigMapReference[] {
  return [
    ...pod.all.flatMap((container) => [
      ...recordsAt(container.fields, "env").flatMap((entry) => {
        const at = container.at("env", { name: textAt(entry, "name") ?? "" }, "valueFrom", "configMapKeyRef");
        return keyReference(at, fieldsAt(entry, "valueFrom", "configMapKeyRef"));
      }),
      ...recordsAt(container.fields, "envFrom").flatMap((entry) =>
        wholeReference(container.at("envFrom"), fieldsAt(entry, "configMapRef")),
      ),
    ]),
    ...pod.volumes.flatMap((volume) => [
      ...volumeReferences(volume.path, ["configMap"], fieldsAt(volume.fields, "configMap")),
      ...recordsAt(volume.fields, "projected", "sources").flatMap((source) =>
        volumeReferences(volume.path, ["projected", "sources"], fieldsAt(source, "configMap")),
      ),
    ]),
  ];
}

function keyReference(path: Path, reference: Fields | undefined): readonly ConfigMapReference[] {
  const key = textAt(reference, "key") || undefined;
  return wholeReference(path, reference).map((whole) => ({ ...whole, key }));
}

function volumeReferences(
  volume: Path,
  steps: readonly Step[],
  source: Fields | undefined,
): readonly ConfigMapReference[] {
  const path = below(volume, ...steps);
  const items = recordsAt(source, "items").flatMap((item) => textAt(item, "key") || []);
  const whole = wholeReference(path, source);
  return [...whole, ...items.flatMap((key) => whole.map((reference) => ({ ...reference, key })))];
}

function wholeReference(path: Path, reference: Fields | undefined): readonly ConfigMapReference[] {
  const name = textAt(reference, "name");
  if (!name || flagAt(reference, "optional") === true) return [];
  return [{ path, name, key: undefined }];
}
