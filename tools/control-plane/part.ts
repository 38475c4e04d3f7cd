import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { becomesFree, isFree } from "./ports.ts";
import type { Say } from "./progress.ts";
import type { PartExit, Supervision } from "./supervision.ts";

export type PartName = "etcd" | "kube-apiserver" | "kube-controller-manager";

/** One process of a control plane. It keeps its port and its data over every stop, kill and start. */
export interface Part {
  readonly name: PartName;
  readonly port: number;
  /** stdout and stderr of every run so far. */
  readonly logFile: string;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  /** Resolves when it is ready; nothing happens when it runs already. */
  start(): Promise<void>;
  /** SIGTERM, SIGKILL after some seconds; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
}

/** A part ended or did not become ready; the message ends with the last lines of its log. */
export class PartFailedError extends Error {
  override readonly name = "PartFailedError";
}

/** Another process took the port between choosing and using it: other ports may do. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

export interface PartSpec {
  readonly name: PartName;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly logFile: string;
  /** Resolves when the part serves; throws while it does not. Asked again and again. */
  readonly probe: () => Promise<void>;
}

const STOP_GRACE_MS = 4_000;
const READY_WITHIN_MS = 90_000;
const PORT_FREE_WITHIN_MS = 5_000;

/** What a part asks of its supervision. */
export type Supervisor = Pick<Supervision, "start" | "stop" | "signal">;

export class SupervisedPart implements Part {
  readonly name: PartName;
  readonly port: number;
  readonly logFile: string;
  readonly #spec: PartSpec;
  readonly #supervision: Supervisor;
  readonly #say: Say;
  #pid: number | undefined;
  /** Processes of it that have ended: the end of one may be heard before the answer that names it. */
  readonly #ended = new Set<number>();
  #leaving = false;
  #ranBefore = false;

  constructor(spec: PartSpec, supervision: Supervisor, say: Say) {
    this.name = spec.name;
    this.port = spec.port;
    this.logFile = spec.logFile;
    this.#spec = spec;
    this.#supervision = supervision;
    this.#say = say;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  async start(): Promise<void> {
    if (this.#pid !== undefined) return;
    if (!(await becomesFree(this.port, this.#ranBefore ? PORT_FREE_WITHIN_MS : 0)))
      throw new PortTakenError(`${this.name} cannot start: port ${this.port} of 127.0.0.1 is in use`);
    this.#leaving = false;
    this.#ranBefore = true;
    this.#ended.clear();
    const pid = await this.#supervision.start(this.name, this.#spec.command, this.#spec.args, this.logFile);
    this.#pid = this.#ended.has(pid) ? undefined : pid;
    await this.#untilReady();
  }

  async stop(): Promise<void> {
    await this.#end(STOP_GRACE_MS);
  }

  async kill(): Promise<void> {
    await this.#end(0);
  }

  async pause(): Promise<void> {
    await this.#supervision.signal(this.name, "SIGSTOP");
  }

  async resume(): Promise<void> {
    await this.#supervision.signal(this.name, "SIGCONT");
  }

  /** Told by whoever hears the supervisor. */
  exited(exit: PartExit): void {
    if (this.#pid !== undefined && exit.pid !== this.#pid) return;
    this.#ended.add(exit.pid);
    this.#pid = undefined;
    if (!this.#leaving)
      this.#say(`${this.name} ended by itself (${exit.signal ?? `code ${String(exit.code)}`}), see ${this.logFile}`);
  }

  /** An end that is wanted, by whatever means, is not worth a word. */
  expectExit(): void {
    this.#leaving = true;
  }

  async #end(graceMs: number): Promise<void> {
    if (this.#pid === undefined) return;
    this.expectExit();
    await this.#supervision.stop(this.name, graceMs);
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    let last: unknown;
    while (performance.now() < deadline) {
      if (this.#pid === undefined) throw await this.#failure();
      try {
        await this.#spec.probe();
        return;
      } catch (error) {
        last = error;
      }
      await delay(50);
    }
    throw new PartFailedError(
      `${this.name} was not ready within ${READY_WITHIN_MS / 1000} s (last: ${String(last)})\n${this.#logTail()}`,
    );
  }

  async #failure(): Promise<Error> {
    if (!(await isFree(this.port)))
      return new PortTakenError(`${this.name} ended at its start: port ${this.port} of 127.0.0.1 is in use`);
    return new PartFailedError(`${this.name} ended before it was ready\n${this.#logTail()}`);
  }

  #logTail(): string {
    if (!existsSync(this.logFile)) return `(no log at ${this.logFile})`;
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
  }
}
