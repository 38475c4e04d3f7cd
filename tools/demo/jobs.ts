import { z } from "zod";

/** What is read of a CronJob to make its Jobs. */
export const CronJob = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string() }),
  spec: z.object({ jobTemplate: z.object({ spec: z.looseObject({}) }) }),
});

/**
 * The Jobs of a CronJob's last `count` nights, as the CronJob controller makes them: named after the scheduled minute,
 * controlled by the CronJob, with the annotation that holds the time they were due.
 */
export function jobsOf(cronJob: z.infer<typeof CronJob>, count: number, now: Date): readonly object[] {
  const { name, namespace, uid } = cronJob.metadata;
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;
  return Array.from({ length: count }, (_, index) => {
    const due = new Date(now.getTime() - (index + 1) * DAY);
    return {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${name}-${Math.floor(due.getTime() / MINUTE)}`,
        namespace,
        annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": due.toISOString() },
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "CronJob", name, uid, controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: cronJob.spec.jobTemplate.spec,
    };
  });
}
