import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Notice, Order, SupervisorSettings } from "./supervisor-protocol.ts";

export type PartExit = Extract<Notice, { notice: "exit" }>;

/** The supervisor could not do what it was told, or is gone. */
export class SupervisionError extends Error {
  override readonly name = "SupervisionError";
}

type Body<T> = T extends unknown ? Omit<T, "id"> : never;

/** The owner's end of one supervisor process. */
export class Supervision {
  /** The folder that holds everything of this control plane. */
  readonly dir: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ownsDir: boolean;
  readonly #pending = new Map<number, { done: (pid: number | undefined) => void; reject: (error: Error) => void }>();
  readonly #pids = new Map<string, number>();
  readonly #onExit: (exit: PartExit) => void;
  #lastId = 0;
  #ended = false;

  private constructor(child: ChildProcess, dir: string, ownsDir: boolean, onExit: (exit: PartExit) => void) {
    this.#child = child;
    this.dir = dir;
    this.pid = child.pid ?? 0;
    this.#ownsDir = ownsDir;
    this.#onExit = onExit;
    child.on("message", (message) => this.#hear(message as Notice));
    child.once("exit", () => this.#bury());
  }

  static async launch(settings: SupervisorSettings, onExit: (exit: PartExit) => void): Promise<Supervision> {
    const child = fork(join(import.meta.dirname, "supervisor.ts"), [JSON.stringify(settings)], {
      detached: true,
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const died = once(child, "exit").then(([code]) => {
      throw new SupervisionError(`the supervisor ended with code ${String(code)} before it said hello`);
    });
    // It also ends when its work is done; only an end before the hello is a failure.
    died.catch(() => undefined);
    const [hello] = (await Promise.race([once(child, "message"), died])) as [Notice];
    if (hello.notice !== "hello") throw new SupervisionError(`the supervisor said ${hello.notice} before hello`);
    return new Supervision(child, hello.dir, settings.dir === undefined, onExit);
  }

  async start(part: string, command: string, args: readonly string[], logFile: string): Promise<number> {
    const pid = await this.#order({ order: "start", part, command, args, logFile });
    if (pid === undefined) throw new SupervisionError(`the supervisor named no process for ${part}`);
    return pid;
  }

  async signal(part: string, signal: NodeJS.Signals): Promise<void> {
    await this.#order({ order: "signal", part, signal });
  }

  /** SIGTERM, then SIGKILL after `graceMs` (0: SIGKILL at once). Resolves when the process is gone. */
  async stop(part: string, graceMs: number): Promise<void> {
    await this.#order({ order: "stop", part, graceMs });
  }

  /** Ends every part, then the supervisor. Resolves when processes and files are gone; again is no error. */
  async end(graceMs: number): Promise<void> {
    if (this.#ended || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    try {
      await this.#order({ order: "end", graceMs });
    } catch (error) {
      // It is ending for another reason, and then ends everything all the same.
      if (!(error instanceof SupervisionError)) throw error;
    }
    await exited;
  }

  #order(body: Body<Order>): Promise<number | undefined> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new SupervisionError(`the supervisor is gone: no ${body.order} is possible any more`));
        return;
      }
      const done = (pid: number | undefined) => {
        if (body.order === "start" && pid !== undefined) this.#pids.set(body.part, pid);
        resolve(pid);
      };
      this.#pending.set(id, { done, reject });
      this.#child.send({ ...body, id }, (error) => {
        if (error === null) return;
        this.#pending.delete(id);
        reject(new SupervisionError(`the supervisor does not hear: ${error.message}`));
      });
    });
  }

  #hear(notice: Notice): void {
    if (notice.notice === "hello") return;
    if (notice.notice === "exit") {
      if (this.#pids.get(notice.part) === notice.pid) this.#pids.delete(notice.part);
      this.#onExit(notice);
      return;
    }
    const waiting = this.#pending.get(notice.id);
    this.#pending.delete(notice.id);
    if (notice.notice === "done") waiting?.done(notice.pid);
    else waiting?.reject(new SupervisionError(notice.reason));
  }

  /** The supervisor is gone. Had it been killed, its parts would live on: then the owner ends them itself. */
  #bury(): void {
    this.#ended = true;
    for (const [part, pid] of this.#pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      this.#onExit({ notice: "exit", part, pid, code: null, signal: "SIGKILL" });
    }
    if (this.#pids.size > 0 && this.#ownsDir) rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
    this.#pids.clear();
    for (const { reject } of this.#pending.values())
      reject(new SupervisionError("the supervisor ended before it did what it was told"));
    this.#pending.clear();
  }
}
