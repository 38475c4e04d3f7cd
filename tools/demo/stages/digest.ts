import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { DigestDocument } from "../../../src/formats/digest.ts";
import type { Message } from "../../../src/notify/message.ts";
import { deliver } from "../deliver.ts";
import { root } from "../manifests.ts";
import type { Receiver } from "../receivers.ts";
import { expectSoon, type Stage } from "../stage.ts";
import type { Cluster } from "./control-plane.ts";

const program = "src/bin/pawl.ts";
const clusterName = "demo";

/** Shows what a subscription would be sent of all this, and sends it where somebody wants it. */
export async function showDigest(
  stage: Stage,
  { kubectl }: Cluster,
  folder: string,
  receivers: readonly Receiver[],
): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("The digest");
  screen.say("What is sent on Monday morning, once, as mail or to Slack; here as text:");
  screen.say();
  const file = join(folder, "digest.json");
  const args = ["report", "--cluster-name", clusterName];
  const { text, digest } = await expectSoon(stage, "digestTells", {
    read: async (read) => {
      const output = ["--kubeconfig", kubectl.kubeconfig, "-o", "text", "-o", `json=${file}`];
      const options = { cwd: root, signal: read };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [resolve(root, program), ...args, ...output],
        options,
      );
      return { text: stdout, digest: DigestDocument.parse(JSON.parse(readFileSync(file, "utf8"))) };
    },
    holds: ({ digest: { new: fresh, fixed } }) =>
      fresh.shown.some(({ ref, rule }) => ref === "Deployment.apps/recommendations" && rule.id === "no-privileged") &&
      fixed.credit.shown.some(({ owner }) => owner === "discovery"),
    describe: (seen) => seen.text,
  });
  screen.command(`node ${program} ${args.join(" ")}`);
  screen.output(text);
  for (const receiver of receivers) {
    const { to } = await deliver(messageOf(digest), receiver, signal);
    screen.say(`Sent as ${receiver.type} to ${to}.`);
  }
}

function messageOf({ version: _, ...digest }: DigestDocument): Message {
  const { at } = digest.madeAt;
  return {
    id: `demo-${Date.parse(at)}`,
    cluster: clusterName,
    subscription: "demo",
    at,
    repeated: false,
    kind: "digest",
    digest,
  };
}
