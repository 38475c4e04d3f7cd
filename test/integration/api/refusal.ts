import { expect } from "vitest";
import { cluster, KubectlError, kubectl } from "../cluster.ts";

/** What kubectl says when the API server refuses the object; sent alone, for items of a List kubectl judges by itself. */
export async function refusal(object: object): Promise<string> {
  const [answer] = await Promise.allSettled([
    kubectl(["apply", "--dry-run=server", "--filename=-"], { input: JSON.stringify(object) }),
  ]);
  if (answer.status === "fulfilled") throw new Error(`accepted: ${answer.value.stdout}`);
  if (answer.reason instanceof KubectlError) return answer.reason.stderr;
  throw answer.reason;
}

/**
 * That the API server refuses the object and says this: `spec.settle: Invalid value: "25d": is not a duration`. Kubernetes 1.34 names the type
 * of the value there, and 1.36 the value, or nothing for a mapping: of an older one only what stands before and behind it is expected.
 */
export async function expectRefusal(object: object, told: string): Promise<void> {
  const seen = await refusal(object);
  const isOlder = Number(cluster.version.split(".")[1]) < 36;
  if (isOlder && !seen.includes(told)) expect(withoutValue(seen)).toContain(withoutValue(told));
  else expect(seen).toContain(told);
}

function withoutValue(told: string): string {
  return told.replace(/Invalid value: (?:"(?:[^"\\]|\\.)*"|[\w.+-]+): /, "Invalid value: ");
}
