/**
 * Excerpts of the demo's transcript in a page: blocks of the language `console` in which each line after a `$` is what
 * the demo showed for that command. A line `…` stands for output that is left out: what is before it are the first lines
 * of the output, what is after it the last ones.
 */

/** A page shows a command that the demo does not run, or not at that point. */
export class ExcerptError extends Error {
  override readonly name = "ExcerptError";
}

const leftOut = "…";

/**
 * The page as it should be after this run of the demo: its commands and how much of each is shown stay, outputs are
 * those of the transcript. Commands are looked for in the order of the transcript, so one that is run twice may be shown twice.
 * @throws ExcerptError
 */
export function refreshExcerpts(page: string, transcript: string): string {
  const runs = commandsIn(transcript.split("\n"));
  let position = 0;
  return page.replaceAll(/(?<=^```console\n).*?(?=^```$)/gms, (block) => {
    const lines = commandsIn(block.trimEnd().split("\n")).flatMap(({ command, output: shown }) => {
      const index = runs.findIndex((run, at) => at >= position && run.command === command);
      const run = runs[index];
      if (run === undefined) throw new ExcerptError(`the demo does not run this, or not at this point: ${command}`);
      position = index + 1;
      return [command, ...excerpt(run.output, shown)];
    });
    return `${lines.join("\n")}\n`;
  });
}

interface Command {
  /** With its prompt. */
  readonly command: string;
  readonly output: readonly string[];
}

/** An output ends with an empty line or the next command; sentences between them belong to no command. */
function commandsIn(lines: readonly string[]): readonly Command[] {
  const commands: { command: string; output: string[] }[] = [];
  let ended = true;
  for (const line of lines) {
    if (line.startsWith("$ ")) commands.push({ command: line, output: [] });
    else if (line !== "" && !ended) commands.at(-1)?.output.push(line);
    ended = line === "" || (ended && !line.startsWith("$ "));
  }
  return commands;
}

function excerpt(output: readonly string[], shown: readonly string[]): readonly string[] {
  const head = shown.indexOf(leftOut);
  if (head < 0) return output;
  const tail = shown.length - head - 1;
  if (output.length <= head + tail) return output;
  return [...output.slice(0, head), leftOut, ...output.slice(output.length - tail)];
}
