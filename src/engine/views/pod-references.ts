import { type Fields, fieldsAt, flagAt, recordsAt, textAt } from "./fields.ts";
import { below, type Path, type Step } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** A place in a pod spec that cannot start without a ConfigMap or Secret, or without one key of it. */
export interface PodReference {
  readonly path: Path;
  readonly name: string;
  /** Undefined where the whole object is used. */
  readonly key: string | undefined;
}

/** How a pod spec spells references to one kind. */
interface Spelling {
  readonly ofKey: string;
  readonly ofWhole: string;
  /** Of a volume, and of a source in a projected one. */
  readonly volume: string;
  /** Where a volume of its own names the object; a projected source says `name`. */
  readonly volumeName: string;
}

const configMap: Spelling = {
  ofKey: "configMapKeyRef",
  ofWhole: "configMapRef",
  volume: "configMap",
  volumeName: "name",
};
const secret: Spelling = {
  ofKey: "secretKeyRef",
  ofWhole: "secretRef",
  volume: "secret",
  volumeName: "secretName",
};

/** References by env, envFrom, volumes and projected volumes of all containers; without the optional ones. */
export function configMapReferences(pod: PodSpecView): readonly PodReference[] {
  return references(pod, configMap);
}

/** As `configMapReferences`, for Secrets. What pulls images is no such place. */
export function secretReferences(pod: PodSpecView): readonly PodReference[] {
  return references(pod, secret);
}

function references(pod: PodSpecView, spelling: Spelling): readonly PodReference[] {
  const { ofKey, ofWhole, volume: sort, volumeName } = spelling;
  return [
    ...pod.all.flatMap((container) => [
      ...recordsAt(container.fields, "env").flatMap((entry) => {
        const at = container.at("env", { name: textAt(entry, "name") ?? "" }, "valueFrom", ofKey);
        return keyReference(at, fieldsAt(entry, "valueFrom", ofKey));
      }),
      ...recordsAt(container.fields, "envFrom").flatMap((entry) =>
        wholeReference(container.at("envFrom"), fieldsAt(entry, ofWhole), "name"),
      ),
    ]),
    ...pod.volumes.flatMap((volume) => [
      ...volumeReferences(volume.path, [sort], fieldsAt(volume.fields, sort), volumeName),
      ...recordsAt(volume.fields, "projected", "sources").flatMap((source) =>
        volumeReferences(volume.path, ["projected", "sources"], fieldsAt(source, sort), "name"),
      ),
    ]),
  ];
}

function keyReference(path: Path, reference: Fields | undefined): readonly PodReference[] {
  const key = textAt(reference, "key") || undefined;
  return wholeReference(path, reference, "name").map((whole) => ({ ...whole, key }));
}

function volumeReferences(
  volume: Path,
  steps: readonly Step[],
  source: Fields | undefined,
  named: string,
): readonly PodReference[] {
  const path = below(volume, ...steps);
  const items = recordsAt(source, "items").flatMap((item) => textAt(item, "key") || []);
  const whole = wholeReference(path, source, named);
  return [...whole, ...items.flatMap((key) => whole.map((reference) => ({ ...reference, key })))];
}

function wholeReference(path: Path, reference: Fields | undefined, named: string): readonly PodReference[] {
  const name = textAt(reference, named);
  if (!name || flagAt(reference, "optional") === true) return [];
  return [{ path, name, key: undefined }];
}
