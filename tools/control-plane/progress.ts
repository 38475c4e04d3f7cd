/** Takes one line of what is going on, without a line end. */
export type Say = (line: string) => void;

/** Progress belongs on stderr: stdout stays free for what a command is asked to print. */
export const sayOnStderr: Say = (line) => {
  process.stderr.write(`control-plane: ${line}\n`);
};

/**
 * Runs long work and keeps telling what it does: a line when it starts, one every `everyMs` with the step that
 * `step()` last named and the seconds gone by, one when it is done.
 */
export async function withProgress<T>(
  say: Say,
  what: string,
  work: (step: (text: string) => void) => Promise<T>,
  everyMs = 15_000,
): Promise<T> {
  const started = performance.now();
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
  let current = "starting";
  say(`${what} …`);
  const timer = setInterval(() => say(`${what}: ${current} (${seconds()})`), everyMs);
  try {
    const result = await work((text) => {
      current = text;
    });
    say(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
