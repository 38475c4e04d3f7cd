import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { installCrds } from "../api/installed-crds.ts";
import { kubectl } from "../cluster.ts";

const folder = join(import.meta.dirname, "../../../config/samples");
const samples = readdirSync(folder).filter((file) => file.startsWith("subscription-"));

beforeAll(async () => {
  await installCrds();
});

test("there is one sample for each sink", () => {
  expect(samples.sort()).toEqual(["subscription-email.yaml", "subscription-slack.yaml", "subscription-webhook.yaml"]);
});

test.each(samples)("%s is taken by the API server as it is", async (file) => {
  const { stdout, stderr } = await kubectl([
    "apply",
    "--dry-run=server",
    "--validate=strict",
    "--filename",
    join(folder, file),
  ]);

  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^reportsubscription\.pawl\.dev\/\w+ created \(server dry run\)\n$/),
    stderr: "",
  });
});
