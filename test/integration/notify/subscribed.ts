import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { z } from "zod";
import type { ReportSubscription, ReportSubscriptionSpec } from "../../../src/api/report-subscription.ts";
import { waitFor } from "../cluster.ts";
import type { Bench } from "../operator/bench.ts";
import type { Manifest } from "../operator/objects.ts";

export type SubscriptionSpecInput = z.input<typeof ReportSubscriptionSpec>;

const optional = join(import.meta.dirname, "../../../config/rbac/optional/report-secrets.yaml");
const secretName = "pawl-webhook";

/** Lets the operator read the Secrets of the samples, and puts a signing key into that of the webhook. */
export async function grantSecrets(bench: Bench): Promise<void> {
  for (const object of loadAll(readFileSync(optional, "utf8")) as Manifest[]) await bench.apply(object);
  await bench.apply(secret(secretName, { signingKey: randomBytes(24).toString("hex") }));
}

export function secret(name: string, values: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "pawl-system" }, stringData: values };
}

export function subscription(name: string, spec: SubscriptionSpecInput): Manifest {
  return { apiVersion: "pawl.dev/v1alpha1", kind: "ReportSubscription", metadata: { name }, spec };
}

export function webhook(url: string): SubscriptionSpecInput["sink"] {
  return { webhook: { secretRef: { name: secretName }, url } };
}

const path = (name: string) => `/apis/pawl.dev/v1alpha1/reportsubscriptions/${name}`;

export async function statusOf(bench: Bench, name: string): Promise<NonNullable<ReportSubscription["status"]>> {
  return (await bench.request<ReportSubscription>("GET", path(name))).status ?? {};
}

/** `Ready=True Subscribed`, sorted. */
export async function conditionsOf(bench: Bench, name: string): Promise<readonly string[]> {
  const { conditions = [] } = await statusOf(bench, name);
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`).sort();
}

/** Applies it, and waits until it has been looked at and its cursor stands: what happens from then on is told. */
export async function subscribe(bench: Bench, name: string, spec: SubscriptionSpecInput): Promise<void> {
  await bench.apply(subscription(name, spec));
  await waitFor(() => statusOf(bench, name), {
    describe: `ReportSubscription ${name} to be looked at`,
    until: ({ observedGeneration, cursor }) =>
      observedGeneration !== undefined && (spec.immediate === undefined || cursor !== undefined),
  });
}
