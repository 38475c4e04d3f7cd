import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../../src/notify/message.ts";
import { renderEmail } from "../../../src/notify/sinks/email-payload.ts";
import { renderSlack } from "../../../src/notify/sinks/slack-payload.ts";
import { sayOnStderr } from "../../../tools/control-plane/progress.ts";
import { blockKitPage } from "../../../tools/pictures/block-kit.ts";
import { type Look, lookAt, openBrowser, type View } from "../../../tools/pictures/browser.ts";
import { baseline, digest, notice } from "../../notify/sinks/messages.ts";

/** `UPDATE_PICTURES=1` writes what was seen into docs/images. */
const update = process.env.UPDATE_PICTURES === "1";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser(process.env, sayOnStderr);
  // The first time it is downloaded.
}, 600_000);
afterAll(() => browser.close());

const views: readonly View[] = [320, 800].flatMap((width) => [
  { width, scheme: "light" },
  { width, scheme: "dark" },
]);

/** As a mail program shows it: the pictures that came with the mail stand where the text refers to them. */
function opened(message: Message): string {
  const { html, images } = renderEmail(message);
  return images.reduce(
    (page, { cid, png }) =>
      page.replaceAll(`cid:${cid}`, `data:image/png;base64,${Buffer.from(png).toString("base64")}`),
    html,
  );
}

function expectReadable({ tooWide, faint, loaded }: Look): void {
  expect({ tooWide, faint, loaded }).toEqual({ tooWide: [], faint: [], loaded: [] });
}

function keep(name: string, { picture }: Look): void {
  if (update) writeFileSync(join(import.meta.dirname, "../../../docs/images", `${name}.png`), picture);
}

describe.each(views)("on a screen of $width pixels, $scheme", (view) => {
  it.each([digest, baseline, notice])(
    "a mail of kind $kind can be read without scrolling sideways",
    async (message) => {
      const look = await lookAt(browser, opened(message), view);
      expectReadable(look);
      if (message === digest || (view.width === 800 && view.scheme === "light"))
        keep(`mail-${message.kind}-${view.width}-${view.scheme}`, look);
    },
  );

  it("a digest can be read without its pictures", async () => {
    const page = renderEmail(digest).html.replaceAll(/<img [^>]*>/g, "");
    expectReadable(await lookAt(browser, page, view));
  });
});

it("a page with faint letters, with something too wide, or that loads something would be found", async () => {
  const page = `<p>left to others</p><p style="color:#999;background:#fff">faint</p><pre>${"wide ".repeat(100)}</pre><img src="https://example.com/pixel.png">`;
  const { tooWide, faint, loaded } = await lookAt(browser, page, { width: 320, scheme: "light" });
  expect(faint).toEqual([
    "no background: left to others",
    "2.85: faint",
    expect.stringMatching(/^no background: wide/),
  ]);
  expect(tooWide).toHaveLength(1);
  expect(loaded).toEqual(["https://example.com/pixel.png"]);
});

it.each([digest, notice])("a message to Slack of kind $kind can be drawn for the documentation", async (message) => {
  const page = blockKitPage(renderSlack(message).content, "platform");
  const look = await lookAt(browser, page, { width: 800, scheme: "light" });
  expectReadable(look);
  keep(`slack-${message.kind}`, look);
});
