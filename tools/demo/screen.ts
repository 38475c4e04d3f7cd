import { styleText } from "node:util";
import { steady } from "./transcript.ts";

type Style = Parameters<typeof styleText>[0];

/** Where the demo writes. Colours only where the stream is a terminal that wants them (NO_COLOR is honoured). */
export class Screen {
  readonly #stream: NodeJS.WritableStream;
  readonly #kept: string[] = [];
  readonly #hidden = new Map<string, string>();
  #stages = 0;
  /** Whether the last line shown was empty: two in a row are shown as one. */
  #blank = false;
  /** Whether the last line shown was about progress: what comes next stands apart from it. */
  #progressing = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  /** Begins a part of the show. */
  stage(title: string): void {
    this.#stages += 1;
    const heading = `${this.#stages}. ${title}`;
    this.#show("", "");
    this.#show(this.#styled(["bold", "cyan"], heading), heading);
    this.#show("", "");
  }

  /** A sentence for the reader; nothing for an empty line. */
  say(text = ""): void {
    this.#show(text, text);
  }

  /** A command as the reader would type it; its output follows. */
  command(line: string): void {
    this.#show(`${this.#styled("dim", "$")} ${this.#styled("bold", line)}`, `$ ${line}`);
  }

  /** What a command printed, unchanged; in the transcript its ages are rounded so that they repeat. */
  output(text: string): void {
    for (const line of text.trimEnd().split("\n")) this.#show(line, steady(line));
    this.#show("", "");
  }

  /** What is going on while the reader waits. Not in the transcript. */
  progress(text: string): void {
    this.#write(this.#styled("dim", `  ${text}`));
    this.#blank = false;
    this.#progressing = true;
  }

  met(text: string): void {
    this.#show(`${this.#styled("green", "✓")} ${text}`, `✓ ${text}`);
  }

  failed(text: string, reason: string): void {
    this.#show(`${this.#styled("red", "✗")} ${this.#styled("bold", text)}`, `✗ ${text}`);
    for (const line of reason.split("\n")) this.#show(`    ${line}`, `    ${line}`);
  }

  notReached(text: string): void {
    this.#show(this.#styled("dim", `– ${text} (not reached)`), `– ${text} (not reached)`);
  }

  /** From now on the transcript says `shown` wherever the screen says `actual`: ports, paths, ids of this very run. */
  hide(actual: string, shown: string): void {
    this.#hidden.set(actual, shown);
  }

  /** What was shown, as plain text that is the same in every run. */
  transcript(): string {
    const replaced = this.#kept.map((line) =>
      [...this.#hidden].reduce((text, [actual, shown]) => text.replaceAll(actual, shown), line),
    );
    return `${replaced.join("\n").trim()}\n`;
  }

  #show(shown: string, kept: string): void {
    if (kept !== "" && this.#progressing) this.#write("");
    this.#progressing = false;
    if (kept !== "" || !this.#blank) this.#write(shown);
    if (kept !== "" || this.#kept.at(-1) !== "") this.#kept.push(kept.trimEnd());
    this.#blank = kept === "";
  }

  #write(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  #styled(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }
}
