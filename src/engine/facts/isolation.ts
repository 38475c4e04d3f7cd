import type { Inventory } from "../inventory.ts";
import { type SelectableLabels, selectsPods } from "../values/label-selector.ts";
import type { Isolation, NetworkPolicyFacts } from "./network-policy.ts";

/** Every isolation of a namespace: those of its own policies, and of Cilium's for the whole cluster. */
export function isolationsIn(namespace: string, inventory: Inventory): readonly Isolation[] {
  return [...plainIn(namespace, inventory), ...ciliumIn(namespace, inventory)];
}

/** The isolations that select the Pods described by these labels. */
export function isolationsOf(pods: SelectableLabels, namespace: string, inventory: Inventory): readonly Isolation[] {
  const selecting = plainIn(namespace, inventory).filter(({ selector }) => selectsPods(selector, pods));
  const cilium = ciliumIn(namespace, inventory);
  if (cilium.length === 0 || pods.podLabels === undefined) return selecting;
  const known = { ...pods, podLabels: new Map([...pods.podLabels, [ciliumNamespaceLabel, namespace]]) };
  return [...selecting, ...cilium.filter(({ selector }) => selectsPods(selector, known))];
}

/** A label that Cilium knows every Pod by, and that policies for the whole cluster select namespaces by. */
const ciliumNamespaceLabel = "io.kubernetes.pod.namespace";

function plainIn(namespace: string, inventory: Inventory): readonly Isolation[] {
  return all(inventory.list("NetworkPolicy.networking.k8s.io", namespace));
}

function ciliumIn(namespace: string, inventory: Inventory): readonly Isolation[] {
  return all([
    ...inventory.list("CiliumNetworkPolicy.cilium.io", namespace),
    ...inventory.list("CiliumClusterwideNetworkPolicy.cilium.io", ""),
  ]);
}

function all(policies: readonly NetworkPolicyFacts[]): readonly Isolation[] {
  return policies.flatMap(({ isolations }) => isolations);
}
