import { describe, expect, test } from "vitest";
import type { Digest } from "../../src/formats/digest.ts";
import { DigestDocument } from "../../src/formats/digest.ts";
import { renderDigestHtml } from "../../src/formats/digest-html.ts";
import { renderDigestJson } from "../../src/formats/digest-json.ts";
import { renderDigestSlack } from "../../src/formats/digest-slack.ts";
import { renderDigestText } from "../../src/formats/digest-text.ts";
import type { SlackBlock, SlackMessage } from "../../src/formats/page-slack.ts";
import { digestOf, part, policy, report, resource, row } from "../notify/digest/reports.ts";
import { digest } from "./samples.ts";

const parts = 64;

/** 20,000 violations with the longest names that there may be, half of them new, in one report of 64 parts. */
function crowded(kind: "digest" | "baseline"): Digest {
  const long = (text: string, length: number) => text.padEnd(length, "<&\u202e>");
  const resources = Array.from({ length: 4000 }, (_, index) =>
    resource(
      `Deployment.apps/${long(`web-${index}-`, 253)}`,
      Array.from({ length: 5 }, (_, at) =>
        row(["no-privileged", "memory-limit", "no-latest-tag"][at % 3] ?? "", {
          path: long(`containers[name=c${at}].`, 400),
          value: long("v", 64),
          ...(at % 2 === 0 ? { state: "New", since: "2026-11-18T13:00:00Z" } : {}),
        }),
      ),
      { owner: long(`team-${index % 50}`, 63), source: long(`argocd:app-${index % 7}`, 128) },
    ),
  );
  const hole = (kindName: string) => ({
    kind: kindName,
    reason: "Forbidden",
    message: long("no", 1024),
    since: "2026-11-18T13:00:00Z",
  });
  const policies = Array.from({ length: 30 }, (_, index) =>
    policy(index === 0 ? "production" : long(`p${index}-`, 63), {
      coverage: { percent: 3, holes: Array.from({ length: 30 }, (_, at) => hole(long(`Kind${at}.`, 253))) },
    }),
  );
  return digestOf(
    {
      policies,
      reports: [
        report({
          resources: 4000,
          over: {
            parts,
            partBits: 6,
            problems: Array.from({ length: 100 }, (_, at) => ({
              rule: `rule-${at}`,
              resource: long("Pod/", 253),
              reason: long("x", 1024),
            })),
          },
        }),
      ],
      parts: Array.from({ length: parts }, (_, number) =>
        part(
          number,
          resources.filter((_, index) => index % parts === number),
          { k: 6 },
        ),
      ),
    },
    { kind, subscription: "monday", overflow: 490 },
  );
}

const crowds = { digest: crowded("digest"), baseline: crowded("baseline") };

function characters(block: SlackBlock): number {
  return [...JSON.stringify(block).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].reduce(
    (sum, [, text = ""]) => sum + (JSON.parse(`"${text}"`) as string).length,
    0,
  );
}

function expectWithinSlack({ blocks }: SlackMessage): void {
  expect(blocks.length).toBeLessThanOrEqual(45);
  expect(Math.max(...blocks.map(characters))).toBeLessThanOrEqual(3000);
  expect(blocks.reduce((sum, block) => sum + characters(block), 0)).toBeLessThanOrEqual(12_000);
  const header = blocks[0];
  expect(header?.type === "header" ? header.text.text.length : undefined).toBeLessThanOrEqual(150);
  expect(JSON.stringify(blocks)).not.toContain('"text":""');
}

describe.each(Object.entries(crowds))("a %s of 20,000 violations", (_, crowd) => {
  test("counts all of them", () => {
    expect(crowd.verdict).toMatchObject({ open: 20_000, new: 12_000, openNew: 12_000 });
  });

  test("is an HTML mail below 100 KB", () => {
    expect(Buffer.byteLength(renderDigestHtml(crowd))).toBeLessThan(100_000);
  });

  test("keeps Slack's limits", () => {
    expectWithinSlack(renderDigestSlack(crowd));
  });

  test("says in text how many are left out and where they are", () => {
    expect(renderDigestText(crowd)).toMatch(/And (?:11,995|3,990) more/);
    expect(renderDigestText(crowd)).toContain("kubectl get scanreports -A -o yaml");
  });
});

test("an ordinary digest is shown whole in Slack", () => {
  const message = renderDigestSlack(digest);

  expectWithinSlack(message);
  expect(JSON.stringify(message)).not.toMatch(/do(?:es)? not fit/);
});

test("JSON is what its schema says", () => {
  for (const one of [digest, ...Object.values(crowds)]) {
    const document: unknown = JSON.parse(renderDigestJson(one));

    expect(DigestDocument.parse(document)).toEqual(document);
  }
});

test("text is 78 columns wide where words allow it", () => {
  const wide = renderDigestText(digest)
    .split("\n")
    .filter((line) => Array.from(line).length > 78 && line.trim().includes(" "));

  expect(wide).toEqual([]);
});
