import { describe, expect, test } from "vitest";
import { CronJob, jobsOf } from "../../tools/demo/jobs.ts";

const cronJob = CronJob.parse({
  metadata: { name: "order-export", namespace: "shop", uid: "u-1" },
  spec: { jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
});

describe("the Jobs of a CronJob", () => {
  test("are controlled by it and carry its template", () => {
    expect(jobsOf(cronJob, 1, new Date("2026-03-02T02:15:00Z"))).toEqual([
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          name: "order-export-29538855",
          namespace: "shop",
          annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-03-01T02:15:00.000Z" },
          ownerReferences: [
            {
              apiVersion: "batch/v1",
              kind: "CronJob",
              name: "order-export",
              uid: "u-1",
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: { template: { spec: { containers: [] } } },
      },
    ]);
  });

  test("have names of their own, one night apart", () => {
    const jobs = jobsOf(cronJob, 12, new Date("2026-03-02T02:15:00Z"));
    expect(new Set(jobs.map((job) => JSON.stringify(job))).size).toBe(12);
  });
});
