import { dump } from "js-yaml";
import { notice } from "./generator.ts";

/** A Kustomization that holds these files of its folder. */
export function kustomization(generator: string, files: readonly string[]): string {
  const body = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: [...files].sort() };
  return `# ${notice(generator, "the other files here")}\n${dump(body)}`;
}
