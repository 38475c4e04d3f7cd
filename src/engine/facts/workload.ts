import { interning } from "../interning.ts";
import type { ResourceId } from "../resource.ts";
import { isPositive } from "../values/quantity.ts";
import type { ContainerView } from "../views/container.ts";
import { integerAt, recordsAt, type TextMap, textAt } from "../views/fields.ts";
import { replicasOf } from "../views/replicas.ts";
import type { ResourceAmounts } from "../views/resource-amounts.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** What other objects' rules may know about a workload. */
export interface WorkloadFacts {
  readonly id: ResourceId;
  /** Labels its Pods get; undefined where the object has no template of its own. */
  readonly podLabels: TextMap | undefined;
  /** False for a Pod, whose labels are all it has; a controller adds labels of its own to what a template says. */
  readonly fromTemplate: boolean;
  /** `spec.replicas` with its default; undefined where the number is not the object's to say (DaemonSet, Job, CronJob). */
  readonly replicas: number | undefined;
  /** Its main and sidecar containers. */
  readonly run: readonly RunningContainer[];
}

export interface RunningContainer {
  readonly name: string;
  /** A request above zero is in force, the container's or the pod's. */
  readonly requests: { readonly cpu: boolean; readonly memory: boolean };
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: number | undefined;
}

export function workloadFacts(view: ResourceView): WorkloadFacts {
  const pod = view.podSpec?.resources;
  return {
    id: view.id,
    // Of a Pod they are its own, which others keep too.
    podLabels: view.kindName === "Pod" ? view.labels : view.podSpec?.labels,
    fromTemplate: view.kindName !== "Pod",
    replicas: replicasOf(view),
    run: (view.podSpec?.run ?? []).map((container) => shared(runningContainer(container, pod))),
  };
}

function runningContainer(container: ContainerView, pod: ResourceAmounts | undefined): RunningContainer {
  const { name, resources, fields } = container;
  return {
    name,
    requests: { cpu: requests("cpu", resources, pod), memory: requests("memory", resources, pod) },
    ports: recordsAt(fields, "ports").map((port) => ({
      name: textAt(port, "name") || undefined,
      number: integerAt(port, "containerPort"),
    })),
  };
}

function requests(resource: string, own: ResourceAmounts, pod: ResourceAmounts | undefined): boolean {
  const request = own.request(resource) ?? pod?.request(resource);
  return request !== undefined && isPositive(request);
}

/** Most containers of a cluster share their names and ports with many others. */
const shared = interning<RunningContainer>(({ name, requests: { cpu, memory }, ports }) => {
  let key = `${cpu} ${memory} ${name}`;
  // A name may hold anything: how long it is parts it from what follows.
  for (const port of ports) key = `${port.number} ${port.name?.length} ${port.name} ${key}`;
  return key;
}, 10_000);
