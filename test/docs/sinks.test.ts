import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Credentials } from "../../src/notify/sinks/credentials.ts";
import { DeliveryError } from "../../src/notify/sinks/delivery-error.ts";
import type { Sink } from "../../src/notify/sinks/sink.ts";
import { signature } from "../../src/notify/sinks/webhook-signature.ts";
import { LoopbackReceiver, text } from "../notify/sinks/loopback-receiver.ts";
import { digest, notice } from "../notify/sinks/messages.ts";
import { io, never, sentAt } from "../notify/sinks/sending.ts";
import { codeBlocks } from "./markdown.ts";
import { root } from "./pages.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pawl-guides-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The one block of a language on a page, as a module; what it imports of ours is ours. */
async function moduleIn<Exports>(page: string, language: "js" | "ts"): Promise<Exports> {
  const blocks = codeBlocks(readFileSync(join(root, page), "utf8")).filter((block) => block.language === language);
  expect(blocks).toHaveLength(1);
  const sinks = join(root, "src/notify/sinks");
  const code = (blocks[0]?.text ?? "").replaceAll(/from "(\.{1,2}\/[^"]+)"/g, (_, path: string) => {
    return `from "${pathToFileURL(join(sinks, path)).pathname}"`;
  });
  const file = join(folder, `example.${language === "js" ? "mjs" : "ts"}`);
  writeFileSync(file, code);
  return (await import(file)) as Exports;
}

describe("docs/guides/webhooks.md", () => {
  type IsFromPawl = (header: string, body: string, signingKey: string, now: number) => boolean;
  const signingKey = "a-signing-key-of-some-length";
  const header = signature('{"a":"ü"}', signingKey, sentAt);
  let isFromPawl: IsFromPawl;
  beforeAll(async () => {
    ({ isFromPawl } = await moduleIn<{ isFromPawl: IsFromPawl }>("docs/guides/webhooks.md", "js"));
  });

  it("knows what Pawl has signed", () => {
    expect(isFromPawl(header, '{"a":"ü"}', signingKey, sentAt + 60_000)).toBe(true);
  });

  it.each<[string, string, string, string, number]>([
    ["another body", header, '{"a":"u"}', signingKey, sentAt],
    ["another key", header, '{"a":"ü"}', "another-signing-key", sentAt],
    ["a message of an hour ago", header, '{"a":"ü"}', signingKey, sentAt + 3_600_000],
    ["another time", header.replace(/^t=\d+/, `t=${sentAt / 1000 + 1}`), '{"a":"ü"}', signingKey, sentAt],
    ["no signature", "", '{"a":"ü"}', signingKey, sentAt],
    ["half a signature", header.slice(0, -2), '{"a":"ü"}', signingKey, sentAt],
  ])("refuses %s", (_, given, body, key, now) => {
    expect(isFromPawl(given, body, key, now)).toBe(false);
  });
});

describe("docs/guides/add-a-sink.md", () => {
  type NtfySink = Sink<{ readonly topic: string }, unknown>;
  let sink: NtfySink;
  let receiver: LoopbackReceiver;
  beforeAll(async () => {
    const { ntfySink } = await moduleIn<{ ntfySink: () => NtfySink }>("docs/guides/add-a-sink.md", "ts");
    sink = ntfySink();
  });
  beforeEach(async () => {
    receiver = await LoopbackReceiver.start();
  });
  afterEach(() => receiver.stop());

  const send = (message: typeof digest) => {
    const credentials = new Credentials([["url", `http://127.0.0.1:${receiver.port}/`]]);
    return sink.send(sink.render(message, { topic: "pawl" }), { topic: "pawl" }, credentials, io(), never);
  };

  it.each([digest, notice])("shows a sink that delivers a message of kind $kind", async (message) => {
    expect(await send(message)).toEqual({ to: "pawl" });
    expect(receiver.received).toMatchObject([{ path: "/pawl", body: expect.stringContaining("prod-eu") as string }]);
  });

  it("shows a sink whose errors are coded", async () => {
    receiver.replies(text(429, "slow down", { "retry-after": "5" }));
    await expect(send(digest)).rejects.toSatisfy(
      (error) => error instanceof DeliveryError && error.code === "RateLimited",
    );
  });
});
