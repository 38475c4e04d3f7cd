import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderDigestHtml } from "../../src/formats/digest-html.ts";
import { renderDigestMarkdown } from "../../src/formats/digest-markdown.ts";
import { renderDigestSlack } from "../../src/formats/digest-slack.ts";
import { renderDigestText } from "../../src/formats/digest-text.ts";
import { renderTransitionsHtml } from "../../src/formats/transitions-html.ts";
import { renderTransitionsMarkdown } from "../../src/formats/transitions-markdown.ts";
import { renderTransitionsSlack } from "../../src/formats/transitions-slack.ts";
import { renderTransitionsText } from "../../src/formats/transitions-text.ts";
import { visible } from "../../src/formats/visible.ts";
import { baseline, digest, notice, remarks } from "./samples.ts";

/** What somebody may have put into a name, a label, a value, a title or an error. */
const nasty = fc
  .array(
    fc.constantFrom(
      "<script>alert(1)</script>",
      "<!channel>",
      "<@U024BE7LH>",
      "<https://evil.example|click>",
      "*bold*",
      "_it_",
      "~gone~",
      "`code`",
      "``",
      "**",
      "](https://evil.example)",
      "![x](y)",
      "| a | b |",
      "&lt;",
      "\"'>",
      "--><img src=x onerror=y>",
      "@everyone",
      "# heading",
      "- item",
      "1. item",
      "\\",
      "\n\n",
      "\r\n",
      "\t",
      "\u001b[31m",
      "\u202e",
      "\u2066",
      "\u200b",
      "\u2028",
      "\ufeff",
      "\ud800",
      "日本語",
      "é",
      ":fire:",
      "x",
      " ",
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""));

type Kind = "letters" | "nasty";

/** The value with every string that comes from a cluster replaced, and everything else as it was. */
function withNames<T>(value: T, names: readonly string[], kind: Kind): T {
  let at = 0;
  const chosen: ReadonlySet<string> = new Set([
    "owner",
    "source",
    "path",
    "value",
    "ref",
    "namespace",
    "policy",
    "name",
    "title",
    "message",
    "cluster",
    "helpUrl",
    "reason",
    "notReady",
  ]);
  const lists: ReadonlySet<string> = new Set(["policies", "filter"]);
  const next = () => {
    const name = names[at++ % names.length] ?? "";
    return kind === "nasty" ? name : "x".repeat(5);
  };
  const walk = (key: string, one: unknown): unknown => {
    if (typeof one === "string") return chosen.has(key) ? next() : one;
    if (Array.isArray(one))
      return one.map((item: unknown) => (lists.has(key) && typeof item === "string" ? next() : walk(key, item)));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, walk(name, item)]));
  };
  return walk("", value) as T;
}

const renderings = {
  html: [
    (names: readonly string[], kind: Kind) => renderDigestHtml(withNames(digest, names, kind)),
    (names: readonly string[], kind: Kind) => renderDigestHtml(withNames(baseline, names, kind)),
    (names: readonly string[], kind: Kind) =>
      renderTransitionsHtml(withNames(notice, names, kind), withNames(remarks, names, kind)),
  ],
  markdown: [
    (names: readonly string[], kind: Kind) => renderDigestMarkdown(withNames(digest, names, kind)),
    (names: readonly string[], kind: Kind) => renderDigestMarkdown(withNames(baseline, names, kind)),
    (names: readonly string[], kind: Kind) =>
      renderTransitionsMarkdown(withNames(notice, names, kind), withNames(remarks, names, kind)),
  ],
  slack: [
    (names: readonly string[], kind: Kind) => renderDigestSlack(withNames(digest, names, kind)),
    (names: readonly string[], kind: Kind) => renderDigestSlack(withNames(baseline, names, kind)),
    (names: readonly string[], kind: Kind) =>
      renderTransitionsSlack(withNames(notice, names, kind), withNames(remarks, names, kind)),
  ],
  text: [
    (names: readonly string[], kind: Kind) => renderDigestText(withNames(digest, names, kind)),
    (names: readonly string[], kind: Kind) => renderDigestText(withNames(baseline, names, kind)),
    (names: readonly string[], kind: Kind) =>
      renderTransitionsText(withNames(notice, names, kind), withNames(remarks, names, kind)),
  ],
};

const lists = fc.array(nasty, { minLength: 1, maxLength: 40 });
const runs = { numRuns: 150 };

/** Tags and attributes as a browser would see them, without texts. */
function tagsOf(html: string): readonly string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

/** Code spans as CommonMark finds them: a run of backticks up to the next run of the same length. */
function withoutCode(markdown: string): string {
  let rest = markdown;
  let outside = "";
  for (;;) {
    const open = /(?<!\\)(?:\\\\)*(`+)/.exec(rest);
    if (open === null) return outside + rest;
    const fence = open[1] ?? "";
    const start = open.index + open[0].length;
    const close = [...rest.slice(start).matchAll(/`+/g)].find(([run]) => run.length === fence.length);
    if (close === undefined) return outside + rest;
    outside += `${rest.slice(0, open.index)}·`;
    rest = rest.slice(start + close.index + fence.length);
  }
}

/** What opens each line and the characters in it that mean something, without what is escaped. */
function markupOf(markdown: string): readonly string[] {
  return withoutCode(markdown)
    .split("\n")
    .map((line) => {
      const [opening = ""] = /^ *(?:[-+=>#]+|\d+[.)]|\|)?(?= |$)/.exec(line) ?? [];
      const escaped = line.slice(opening.length).replace(/\\[!-/:-@[-`{-~]|&#?\w+;/g, "");
      return opening.trimEnd() + escaped.replace(/[^<>*_`~#|[\]\\]/g, "");
    });
}

describe("whatever names hold", () => {
  test.each(renderings.html)("HTML %# has the same tags as with harmless names", (render) => {
    fc.assert(
      fc.property(lists, (names) => {
        expect(tagsOf(render(names, "nasty"))).toEqual(tagsOf(render(names, "letters")));
      }),
      runs,
    );
  });

  test.each(renderings.markdown)("markdown %# has the same markup outside of code as with harmless names", (render) => {
    fc.assert(
      fc.property(lists, (names) => {
        const markup = markupOf(render(names, "nasty"));
        expect(markup.join("")).not.toMatch(/[<[\]_~]/);
        expect(markup).toEqual(markupOf(render(names, "letters")));
      }),
      runs,
    );
  });

  test.each(renderings.slack)("Slack %# has no text that is searched for markup, but for an escaped one", (render) => {
    fc.assert(
      fc.property(lists, (names) => {
        const message = render(names, "nasty");
        expect(message.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(message.mrkdwn).toBe(false);
        const types = new Set(
          [...JSON.stringify(message.blocks).matchAll(/"type":"([a-z_]+)"/g)].map(({ 1: type }) => type),
        );
        expect(
          [...types].filter(
            (type) =>
              ![
                "header",
                "plain_text",
                "rich_text",
                "rich_text_section",
                "rich_text_list",
                "rich_text_preformatted",
                "text",
              ].includes(type ?? ""),
          ),
        ).toEqual([]);
      }),
      runs,
    );
  });

  test.each(renderings.text)("text %# has the same number of paragraphs and nothing that cannot be seen", (render) => {
    fc.assert(
      fc.property(lists, (names) => {
        const text = render(names, "nasty");
        expect(text.replaceAll("\n", "")).toBe(visible(text.replaceAll("\n", "")));
        expect(text.split("\n\n").length).toBe(render(names, "letters").split("\n\n").length);
      }),
      runs,
    );
  });

  test.each([...renderings.html, ...renderings.markdown, ...renderings.text])(
    "format %# shows what turns text around or is invisible",
    (render) => {
      const text = render(["shop\u202egnp.exe\u200b"], "nasty");

      expect(text).toMatch(/shop.{0,2}\[U\+202E.{0,2}\]gnp\.exe.{0,2}\[U\+200B/);
      expect(text).not.toMatch(/[\u202e\u200b]/);
    },
  );
});
