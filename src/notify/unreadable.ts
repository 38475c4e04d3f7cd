import { group } from "../api/group.ts";
import {
  ConnectionError,
  ForbiddenError,
  NotFoundError,
  RequestTimeoutError,
  UnauthorizedError,
} from "../kube/errors.ts";
import { policyType, reportTypes, subscriptionType } from "./own-types.ts";

/** The reports of a cluster could not be read. The message says what, where and what to do. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

const readable = [policyType, ...Object.values(reportTypes).map(({ type }) => type), subscriptionType]
  .map(({ plural }) => `${plural}.${group}`)
  .join(",");

/** What it means for a person that reading failed; errors of other kinds stay as they are. */
export function unreadable(error: unknown, server: string): unknown {
  if (error instanceof NotFoundError)
    return new UnreadableError(
      `the cluster at ${server} does not know Pawl's kinds: install them with 'kubectl apply --server-side -f crds/', or choose another cluster with --context`,
      { cause: error },
    );
  if (error instanceof ForbiddenError)
    return new UnreadableError(
      `you may not read Pawl's reports in the cluster at ${server}: ask for 'kubectl create clusterrole pawl-reports --verb=get,list --resource=${readable}' and a ClusterRoleBinding to it`,
      { cause: error },
    );
  if (error instanceof UnauthorizedError)
    return new UnreadableError(
      `the cluster at ${server} does not accept the credentials: log in again, as for kubectl`,
      {
        cause: error,
      },
    );
  if (error instanceof ConnectionError || error instanceof RequestTimeoutError)
    return new UnreadableError(
      `the cluster at ${server} does not answer: check the context, the network and the proxy`,
      {
        cause: error,
      },
    );
  return error;
}
