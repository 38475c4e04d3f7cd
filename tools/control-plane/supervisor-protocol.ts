/**
 * What the owner of a control plane and its supervisor say to each other over the IPC channel that `fork` opens.
 * The channel is also the lifeline: the supervisor takes its closing as the owner's death.
 */
export type Order = { readonly id: number } & (
  | {
      readonly order: "start";
      readonly part: string;
      readonly command: string;
      readonly args: readonly string[];
      /** Takes stdout and stderr, appended. */
      readonly logFile: string;
    }
  | { readonly order: "signal"; readonly part: string; readonly signal: NodeJS.Signals }
  /** SIGTERM, then SIGKILL after `graceMs`; answered when the process is gone. */
  | { readonly order: "stop"; readonly part: string; readonly graceMs: number }
  /** Ends every part, newest first (0 ms: SIGKILL at once), removes the folder unless it is kept, and exits. */
  | { readonly order: "end"; readonly graceMs: number }
);

export type Notice =
  | { readonly notice: "hello"; readonly dir: string }
  | { readonly notice: "done"; readonly id: number; readonly pid?: number }
  | { readonly notice: "failed"; readonly id: number; readonly reason: string }
  | {
      readonly notice: "exit";
      readonly part: string;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    };

/** Where a control plane keeps its files. A folder of the supervisor's own making goes when the supervisor goes. */
export interface SupervisorSettings {
  readonly dir?: string;
}
