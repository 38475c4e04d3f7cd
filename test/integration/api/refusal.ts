import { KubectlError, kubectl } from "../cluster.ts";

/** What kubectl says when the API server refuses the object; sent alone, for items of a List kubectl judges by itself. */
export async function refusal(object: object): Promise<string> {
  const [answer] = await Promise.allSettled([
    kubectl(["apply", "--dry-run=server", "--filename=-"], { input: JSON.stringify(object) }),
  ]);
  if (answer.status === "fulfilled") throw new Error(`accepted: ${answer.value.stdout}`);
  if (answer.reason instanceof KubectlError) return answer.reason.stderr;
  throw answer.reason;
}
