import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { waitFor } from "../cluster.ts";
import { type Bench, operatorUser } from "./bench.ts";
import type { Manifest } from "./objects.ts";

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

interface ClusterRole extends Manifest {
  readonly rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[] }[];
}

/**
 * Takes the right to a kind away from the operator, and gives it back afterwards. `role`: the ClusterRole that grants it,
 * by default that of the kinds which rules name.
 */
export async function withoutRightTo(
  on: Bench,
  listed: Listed,
  meanwhile: () => Promise<void>,
  role: "pawl-scan-rules" | "pawl-operator" = "pawl-scan-rules",
): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`;
  const { rules } = await on.request<ClusterRole>("GET", path);
  const fewer = rules.map((rule) =>
    rule.apiGroups.includes(listed.group)
      ? { ...rule, resources: rule.resources.filter((resource) => resource !== listed.resource) }
      : rule,
  );
  const replace = (to: ClusterRole["rules"]) =>
    on.request("PATCH", path, { rules: to }, { contentType: "application/merge-patch+json" });
  await replace(fewer.filter(({ resources }) => resources.length > 0));
  try {
    await untilAllowed(on, listed, false);
    await meanwhile();
  } finally {
    await replace(rules);
    await untilAllowed(on, listed, true);
  }
}

/** What an administrator applies so that the operator may list Secrets. */
export function operatorSecretsRole(): Manifest {
  const file = join(import.meta.dirname, "../../../config/rbac/optional/secret-metadata.yaml");
  return load(readFileSync(file, "utf8")) as Manifest;
}
