import { readFileSync } from "node:fs";

/** A process that can be recognised later: its id alone may by then belong to another one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, where the system tells it (Linux). */
  readonly started?: string;
}

/** The identity of a running process; of ourselves unless told otherwise. */
export function identify(pid: number = process.pid): ProcessIdentity {
  const started = procStat(pid)?.started;
  return started === undefined ? { pid } : { pid, started };
}

/** Whether that very process still runs. A zombie does not: it holds nothing any more. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (!exists(identity.pid)) return false;
  const stat = procStat(identity.pid);
  if (stat === undefined) return true;
  if (stat.state === "Z") return false;
  return identity.started === undefined || identity.started === stat.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function procStat(pid: number): { state: string; started: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // No such process, or a system without /proc: the caller then goes by the id alone.
    return undefined;
  }
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}
