import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** kubectl ended with an error; the message holds the command and what it printed on stderr. */
export class KubectlError extends Error {
  override readonly name = "KubectlError";
  readonly exitCode: number | null;

  constructor(commandLine: string, exitCode: number | null, stderr: string) {
    super(`${commandLine} ended with status ${exitCode ?? "none"}: ${stderr.trim() || "it printed no reason"}`);
    this.exitCode = exitCode;
  }
}

export interface KubectlSettings {
  readonly binary: string;
  readonly kubeconfig: string;
  /** Becomes HOME, so that neither caches nor preferences of the user are read or written. */
  readonly home: string;
  /** Working folder, from which paths in commands are read. */
  readonly folder: string;
}

export interface RunOptions {
  /** Goes to stdin, for `-f -`. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** The real kubectl, with one kubeconfig. */
export class Kubectl {
  readonly #settings: KubectlSettings;

  constructor(settings: KubectlSettings) {
    this.#settings = settings;
  }

  get binary(): string {
    return this.#settings.binary;
  }

  get kubeconfig(): string {
    return this.#settings.kubeconfig;
  }

  /** stdout of one run. Throws {@link KubectlError} if kubectl fails. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await this.attempt(args, options);
    if (exitCode !== 0) throw new KubectlError(["kubectl", ...args].join(" "), exitCode, stderr || stdout);
    return stdout;
  }

  /** As `run`, with `-o json`, parsed. The caller checks the shape. */
  async json(args: readonly string[], options: RunOptions = {}): Promise<unknown> {
    return JSON.parse(await this.run([...args, "-o", "json"], options));
  }

  /** One run whose failure is an answer, as with `kubectl auth can-i`. */
  async attempt(
    args: readonly string[],
    { input, signal }: RunOptions = {},
  ): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
    const { binary, kubeconfig, home, folder } = this.#settings;
    const child = spawn(binary, [...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: home, KUBECONFIG: kubeconfig },
      stdio: ["pipe", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    // A kubectl that ends before it has read its input closes the pipe; its exit status tells why.
    child.stdin.once("error", () => {});
    child.stdin.end(input ?? "");
    try {
      const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { stdout, stderr, exitCode };
    } catch (error) {
      // Not that the process was ended is of interest, but why.
      signal?.throwIfAborted();
      throw error;
    }
  }
}
