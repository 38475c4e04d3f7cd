import { waitFor } from "../cluster.ts";
import { type Bench, operatorUser } from "./bench.ts";

/** What is to be listed, in the whole cluster. */
export interface Listed {
  readonly group: string;
  readonly resource: string;
}

/** Whether the API server would let the operator list this. */
async function mayList(bench: Bench, listed: Listed): Promise<boolean> {
  const { status } = await bench.request<{ readonly status: { readonly allowed: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: operatorUser, resourceAttributes: { verb: "list", ...listed } },
    },
  );
  return status.allowed;
}

/** Waits until a change of roles has reached the authorizer. */
export async function untilAllowed(bench: Bench, listed: Listed, allowed: boolean): Promise<void> {
  await waitFor(async () => (await mayList(bench, listed)) === allowed, {
    describe: `list ${listed.resource} in group ${JSON.stringify(listed.group)} to be ${allowed ? "allowed" : "refused"}`,
  });
}
