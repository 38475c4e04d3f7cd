import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { Screen } from "../../tools/demo/screen.ts";

async function shownBy(show: (screen: Screen) => void): Promise<string> {
  const stream = new PassThrough();
  show(new Screen(stream));
  stream.end();
  return await text(stream);
}

describe("the screen", () => {
  test("writes plain text where there is no terminal", async () => {
    const shown = await shownBy((screen) => {
      screen.stage("Install");
      screen.say("One command.");
      screen.command("kubectl get ppol");
      screen.output("NAME   AGE\nprod   3s\n");
      screen.met("it is there");
      screen.failed("it is quiet", "two Events\nfrom shop");
      screen.notReached("it moves");
    });
    expect(shown).toBe(
      [
        "",
        "1. Install",
        "",
        "One command.",
        "$ kubectl get ppol",
        "NAME   AGE",
        "prod   3s",
        "",
        "✓ it is there",
        "✗ it is quiet",
        "    two Events",
        "    from shop",
        "– it moves (not reached)",
        "",
      ].join("\n"),
    );
  });

  test("numbers its stages", async () => {
    const shown = await shownBy((screen) => {
      screen.stage("First");
      screen.stage("Second");
    });
    expect(shown).toContain("2. Second");
  });
});

describe("the transcript", () => {
  test("holds what was shown, with ages rounded and without progress", () => {
    const screen = new Screen(new PassThrough());
    screen.say("Look:");
    screen.progress("4.2 s");
    screen.output("prod   3s");
    expect(screen.transcript()).toBe("Look:\nprod   <1m\n");
  });

  test("replaces what belongs to one run only, also where it was shown before", () => {
    const screen = new Screen(new PassThrough());
    screen.command("curl http://127.0.0.1:31337/metrics");
    screen.hide("127.0.0.1:31337", "127.0.0.1:8080");
    expect(screen.transcript()).toBe("$ curl http://127.0.0.1:8080/metrics\n");
  });
});
