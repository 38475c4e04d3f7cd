import { join } from "node:path";
import { expect, test } from "vitest";
import { renderDigestHtml } from "../../src/formats/digest-html.ts";
import { renderDigestJson } from "../../src/formats/digest-json.ts";
import { renderDigestMarkdown } from "../../src/formats/digest-markdown.ts";
import { renderDigestSlack } from "../../src/formats/digest-slack.ts";
import { renderDigestText } from "../../src/formats/digest-text.ts";
import { renderTransitionsHtml } from "../../src/formats/transitions-html.ts";
import { renderTransitionsJson } from "../../src/formats/transitions-json.ts";
import { renderTransitionsMarkdown } from "../../src/formats/transitions-markdown.ts";
import { renderTransitionsSlack } from "../../src/formats/transitions-slack.ts";
import { renderTransitionsText } from "../../src/formats/transitions-text.ts";
import { adopted, baseline, digest, notice, quiet, remarks } from "./samples.ts";

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const repeated = { ...remarks, repeated: true };

const golden: Readonly<Record<string, () => string>> = {
  "digest.txt": () => renderDigestText(digest),
  "digest.md": () => renderDigestMarkdown(digest),
  "digest.html": () =>
    renderDigestHtml(digest, {
      trendImage: { cid: "trend", alt: "Trend of 35 days", caption: "From the top: production, security." },
    }),
  "digest.slack.json": () => json(renderDigestSlack(digest)),
  "digest.json": () => renderDigestJson(digest),
  "baseline.txt": () => renderDigestText(baseline),
  "baseline.md": () => renderDigestMarkdown(baseline),
  "baseline.html": () => renderDigestHtml(baseline),
  "baseline.slack.json": () => json(renderDigestSlack(baseline)),
  "quiet.txt": () => renderDigestText(quiet),
  "transitions.txt": () => renderTransitionsText(notice, repeated),
  "transitions.md": () => renderTransitionsMarkdown(notice, remarks),
  "transitions.html": () => renderTransitionsHtml(notice, remarks),
  "transitions.slack.json": () => json(renderTransitionsSlack(notice, remarks)),
  "transitions.json": () => renderTransitionsJson(notice),
  "adopted.txt": () => renderTransitionsText(adopted, remarks),
};

// `npx vitest run --project unit test/formats -u` writes them anew.
test.each(Object.entries(golden))("%s is what is shown for the sample", async (file, render) => {
  expect(render()).not.toContain("[U+");
  await expect(render()).toMatchFileSnapshot(join(import.meta.dirname, "golden", file));
});
