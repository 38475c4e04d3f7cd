/** How a command ends, for scripts to branch on. */
export const exitCodes = {
  clean: 0,
  /** The command line, a setting or a policy is wrong. */
  usage: 2,
  /** Something could not be read, judged or kept running. */
  incomplete: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
