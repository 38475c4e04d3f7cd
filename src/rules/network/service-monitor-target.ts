import { z } from "zod";
import type { Inventory } from "../../engine/inventory.ts";
import type { KindName } from "../../engine/resource.ts";
import { defineInventoryRule, type Namespaces } from "../../engine/rule.ts";
import {
  everything,
  formatSelector,
  type LabelSelector,
  readLabelSelector,
  selectsPods,
} from "../../engine/values/label-selector.ts";
import { namesInShort } from "../../engine/values/names-in-short.ts";
import { flagAt, textsAt, valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";

const serviceMonitor = "ServiceMonitor.monitoring.coreos.com";
const podMonitor = "PodMonitor.monitoring.coreos.com";

interface Subject {
  readonly kind: KindName;
  readonly selector: LabelSelector;
  readonly namespaces: Namespaces;
}

export const rule = defineInventoryRule({
  id: "service-monitor-target",
  revision: 1,
  title: "Monitors select something to scrape",
  category: "network",
  severity: "Medium",
  kinds: [serviceMonitor, podMonitor],
  reads: ["Service", "workloads"],
  why: "A monitor that selects nothing scrapes nothing, and alerts that rest on its metrics stay silent whatever happens.",
  fix: "Make spec.selector match labels of the Service (ServiceMonitor) or of the pod template (PodMonitor), and name its namespace.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor",
    "https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor",
  ],
  params: z.strictObject({}),
  messages: {
    noService: "No Service in {where} matches {selector}",
    noWorkload: "No workload in {where} has Pods that match {selector}",
  },
  collect({ resource }): Subject {
    const selector = readLabelSelector(valueAt(resource.object, "spec", "selector")) ?? everything;
    return { kind: resource.kindName, selector, namespaces: namespacesOf(resource) };
  },
  elsewhere: ({ namespaces }) => namespaces,
  check({ subject, inventory, report }) {
    const { kind, selector, namespaces } = subject;
    if (kind === serviceMonitor ? matchesService(subject, inventory) : matchesWorkload(subject, inventory)) return;
    const text = formatSelector(selector);
    const where = namespaces === "all" ? "any namespace" : namesInShort(namespaces) || "the default namespace";
    const data = { where, selector: text || "the empty selector" };
    report(kind === serviceMonitor ? "noService" : "noWorkload", { path: path("spec", "selector"), data, value: text });
  },
});

function namespacesOf({ object, id }: ResourceView): Namespaces {
  if (flagAt(object, "spec", "namespaceSelector", "any") === true) return "all";
  const named = textsAt(object, "spec", "namespaceSelector", "matchNames");
  return named.length === 0 ? [id.namespace] : named;
}

function matchesService({ selector, namespaces }: Subject, inventory: Inventory): boolean {
  const services =
    namespaces === "all"
      ? inventory.all("Service")
      : namespaces.flatMap((namespace) => inventory.list("Service", namespace));
  return services.some(({ labels }) => selectsPods(selector, { podLabels: labels, fromTemplate: false }));
}

function matchesWorkload({ selector, namespaces }: Subject, inventory: Inventory): boolean {
  const workloads =
    namespaces === "all" ? inventory.allWorkloads() : namespaces.flatMap((namespace) => inventory.workloads(namespace));
  return workloads.some((workload) => selectsPods(selector, workload));
}
