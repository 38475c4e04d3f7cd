/**
 * Loaded into an operator with `--import`: writes down how much CPU time its main thread takes between two turns of the event loop.
 * A timer that is due all the time comes up once a turn, so no synchronous slice can be longer than what lies between two of its
 * calls. On SIGUSR2 the longest since the last one is appended to the file that the query names, in milliseconds: `slice-probe.ts?out=/tmp/x`.
 */
import { appendFileSync } from "node:fs";

const file = new URL(import.meta.url).searchParams.get("out") ?? "";

let last = process.threadCpuUsage();
let longest = 0;

setInterval(() => {
  const { user, system } = process.threadCpuUsage(last);
  last = process.threadCpuUsage();
  longest = Math.max(longest, (user + system) / 1000);
}, 1).unref();

process.on("SIGUSR2", () => {
  appendFileSync(file, `${longest}\n`);
  longest = 0;
});
