import { defineConfig } from "vitest/config";

/**
 * Four projects: `unit` needs nothing but Node; `integration` runs against a real control plane that its
 * global setup starts once (test/integration/setup.ts) and takes down again; `soak` runs some of the same tests at
 * full length; `e2e` installs the chart on a cluster of kind.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/integration/**"],
          setupFiles: ["test/fixed-seed.ts"],
          testTimeout: 60_000,
          // Vitest leaves one core alone; of two, that is half of the machine.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/integration/setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // They wait more than they work: for what has to hold for a minute, for Leases to run out.
          maxWorkers: 6,
        },
      },
      {
        test: {
          name: "soak",
          include: ["test/integration/{differential,failover,faults}/**/*.test.ts"],
          globalSetup: ["test/integration/setup.ts"],
          env: { PAWL_SOAK: "1" },
          testTimeout: 3_600_000,
          hookTimeout: 180_000,
          // One after the other: what is measured in minutes shall not be disturbed by a neighbour.
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.e2e.ts"],
          testTimeout: 600_000,
          // Each scenario goes on where the one before it ended.
          bail: 1,
        },
      },
    ],
  },
});
