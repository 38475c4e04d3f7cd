import { type Fields, fieldsAt } from "./fields.ts";

/** The emptyDir of a volume, `{}` where the volume has no source at all: the API server makes that an emptyDir. */
export function emptyDirOf(volume: Fields): Fields | undefined {
  const written = fieldsAt(volume, "emptyDir");
  if (written !== undefined) return written;
  const hasSource = Object.entries(volume).some(([name, value]) => name !== "name" && value !== null);
  return hasSource ? undefined : {};
}
