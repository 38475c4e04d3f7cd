import { type ApiType, type ObjectKey, typeName } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../kube/errors.ts";
import { LEASE } from "../kube/lease-record.ts";
import { identityOf, type RawObject } from "../kube/object.ts";
import { baselineKindName, ledgerTypes } from "./own-kinds.ts";

/** One object that an operator made and that outlives it. */
export interface Remain {
  readonly type: ApiType;
  readonly key: ObjectKey;
  readonly uid: string;
  /** Of the Lease only: whoever takes it writes it, and then it is no remain. */
  readonly resourceVersion?: string;
}

/** What was to be deleted is in use again: an operator has started meanwhile. */
export class RevivedError extends Error {
  override readonly name = "RevivedError";
}

/** The account lacks a right on a kind of which there are remains. The message says which, and how to get it. */
export class MissingRightError extends Error {
  override readonly name = "MissingRightError";
}

/**
 * Reports, their parts, Baselines and the Lease, in the order in which they are to be deleted: what cannot be made again comes late.
 * A kind that the cluster does not serve has left nothing.
 * @throws MissingRightError, else KubeError
 */
export async function findRemains(
  client: KubeClient,
  lease: ObjectKey,
  signal: AbortSignal,
): Promise<readonly Remain[]> {
  const remains: Remain[] = [];
  for (const type of ledgerTypes.values()) remains.push(...(await listOf(client, type, signal)));
  remains.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const held = await leaseOf(client, lease, signal);
  return held === undefined ? remains : [...remains, held];
}

export function isBaseline({ type }: Remain): boolean {
  return type.kind === baselineKindName;
}

/**
 * Deletes one. Somebody else having deleted it is as good.
 * @throws RevivedError if there is another object of that name now, or if the Lease has been taken
 * @throws MissingRightError, else KubeError
 */
export async function deleteRemain(client: KubeClient, remain: Remain, signal: AbortSignal): Promise<void> {
  const { type, key, uid, resourceVersion } = remain;
  try {
    await client.delete(type, key, { uid, resourceVersion, signal });
  } catch (error) {
    if (error instanceof NotFoundError) return;
    if (!(error instanceof ConflictError)) throw withRight("delete", remain, error);
    throw new RevivedError(
      `${typeName(type)} ${key.name} was written meanwhile: an operator has started; stop it and run this again`,
      { cause: error },
    );
  }
}

async function listOf(client: KubeClient, type: ApiType, signal: AbortSignal): Promise<readonly Remain[]> {
  // By name: an item may come twice.
  const found = new Map<string, Remain>();
  try {
    for await (const event of client.list(type, { metadataOnly: true, signal })) {
      if (event.type === "reset") found.clear();
      if (event.type !== "item") continue;
      const remain = remainOf(type, event.object);
      found.set(sortKey(remain), remain);
    }
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw withRight("list", { type, key: { namespace: "", name: "" } }, error);
  }
  return [...found.values()];
}

async function leaseOf(client: KubeClient, key: ObjectKey, signal: AbortSignal): Promise<Remain | undefined> {
  try {
    const lease = await client.get(LEASE, key, { metadataOnly: true, signal });
    return { ...remainOf(LEASE, lease), resourceVersion: identityOf(lease).resourceVersion };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw withRight("get", { type: LEASE, key }, error);
  }
}

function remainOf(type: ApiType, object: RawObject): Remain {
  const { namespace, name, uid } = identityOf(object);
  return { type, key: { namespace, name }, uid };
}

function sortKey({ type, key }: Remain): string {
  return [type.kind === baselineKindName ? "1" : "0", type.kind, key.namespace, key.name].join("/");
}

const ownResources = [...ledgerTypes.values()].map((type) => resourceOf(type)).join(",");

function resourceOf({ plural, group }: ApiType): string {
  return `${plural}.${group}`;
}

function withRight(verb: string, { type, key }: Pick<Remain, "type" | "key">, error: unknown): unknown {
  if (!(error instanceof ForbiddenError)) return error;
  // Leases of others are nobody's business: that right is asked for in one namespace only.
  const ask =
    type === LEASE
      ? `'kubectl create role pawl-uninstall -n ${key.namespace} --verb=get,delete --resource=${resourceOf(LEASE)}' and a RoleBinding to it`
      : `'kubectl create clusterrole pawl-uninstall --verb=list,delete --resource=${ownResources}' and a ClusterRoleBinding to it`;
  return new MissingRightError(`you may not ${verb} ${resourceOf(type)}: ask for ${ask}`, { cause: error });
}
