import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSubscriptionSpec } from "../../../src/api/parse-subscription-spec.ts";
import type { ReportSubscription } from "../../../src/api/report-subscription.ts";
import { badSubscriptionSpecs, goodSubscriptionSpecs } from "../../api/subscription-spec-cases.ts";
import { kubectl, request, uniqueName } from "../cluster.ts";
import { installCrds } from "./installed-crds.ts";
import { expectRefusal } from "./refusal.ts";

const subscriptions = "/apis/pawl.dev/v1alpha1/reportsubscriptions";

beforeAll(async () => {
  await installCrds();
});

function subscription(spec: unknown): object {
  return {
    apiVersion: "pawl.dev/v1alpha1",
    kind: "ReportSubscription",
    metadata: { name: uniqueName("dry") },
    spec,
  };
}

describe("a server-side dry run of a ReportSubscription", () => {
  test("accepts the example of the reference", async () => {
    const file = join(import.meta.dirname, "../../../tools/generators/examples/report-subscription.yaml");

    const { stdout } = await kubectl(["apply", "--dry-run=server", "--validate=strict", "--filename=-"], {
      input: readFileSync(file, "utf8"),
    });

    expect(stdout).toBe("reportsubscription.pawl.dev/platform created (server dry run)\n");
  });

  test.each(goodSubscriptionSpecs)("accepts $title, and fills in what our parser fills in", async ({ spec }) => {
    const answer = await request<ReportSubscription>("POST", `${subscriptions}?dryRun=All`, subscription(spec));

    expect(parseSubscriptionSpec(answer.spec)).toEqual(parseSubscriptionSpec(spec));
  });

  test.each(badSubscriptionSpecs.flatMap((one) => (one.server === undefined ? [] : [{ ...one, server: one.server }])))(
    "rejects $because and says where and why",
    async ({ spec, server }) => {
      await expectRefusal(subscription(spec), server);
    },
  );

  test.each(badSubscriptionSpecs.filter(({ server }) => server === undefined))(
    "cannot tell $because: that is the operator's to say",
    async ({ spec }) => {
      const answer = await request<ReportSubscription>("POST", `${subscriptions}?dryRun=All`, subscription(spec));

      expect(parseSubscriptionSpec(answer.spec).ok).toBe(false);
    },
  );
});
