import type { Uninstalled, UninstalledObject, UninstallQuery } from "../cli/commands/uninstall.ts";
import { systemClock } from "../kube/clock.ts";
import { liveHolder } from "../kube/lease-holder.ts";
import { LEASE } from "../kube/lease-record.ts";
import { deleteRemain, findRemains, isBaseline, type Remain } from "../operator/remains.ts";
import { withCluster } from "./with-cluster.ts";

/** An operator is at work, and would write anew whatever is deleted. The message says how to stop it. */
class OperatorRunsError extends Error {
  override readonly name = "OperatorRunsError";
}

/** Finds what the operator made and, unless it is a dry run, deletes it; `pawl uninstall` shows each object. */
export async function uninstall(
  version: string,
  query: UninstallQuery,
  each: (object: UninstalledObject) => void,
  signal: AbortSignal,
): Promise<Uninstalled> {
  const { namespace, leaseName: name, dryRun } = query;
  return await withCluster(version, query, async (client) => {
    const found = await findRemains(client, { namespace, name }, signal);
    const holder = await liveHolder(client, { namespace, name }, systemClock, signal);
    if (holder !== "" && !dryRun)
      throw new OperatorRunsError(
        `an operator runs, ${holder} holds Lease ${namespace}/${name}, and would write anew what is deleted: remove it first, as by 'helm uninstall pawl -n ${namespace}'`,
      );
    const chosen = found.filter((remain) => query.baselines || !isBaseline(remain));
    for (const remain of chosen) {
      if (!dryRun) await deleteRemain(client, remain, signal);
      each(shown(remain));
    }
    return {
      keptBaselines: found.length - chosen.length,
      lease: holder !== "" ? { state: "held", holder } : { state: found.some(isLease) ? "free" : "absent" },
    };
  });
}

function isLease({ type }: Remain): boolean {
  return type === LEASE;
}

function shown({ type: { kind }, key: { namespace, name } }: Remain): UninstalledObject {
  return { kind, namespace, name };
}
