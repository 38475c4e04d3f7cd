import type { ResourceView } from "../views/resource-view.ts";
import { type AutoscalerFacts, horizontalPodAutoscalerFacts, scaledObjectFacts } from "./autoscaler.ts";
import { type ConfigMapFacts, configMapFacts } from "./config-map.ts";
import { type DisruptionBudgetFacts, disruptionBudgetFacts } from "./disruption-budget.ts";
import { type IngressFacts, ingressFacts } from "./ingress.ts";
import { type NamedFacts, namedFacts } from "./named.ts";
import { type NamespaceFacts, namespaceFacts } from "./namespace.ts";
import { ciliumPolicyFacts, type NetworkPolicyFacts, networkPolicyFacts } from "./network-policy.ts";
import { type ResourceQuotaFacts, resourceQuotaFacts } from "./resource-quota.ts";
import { type ServiceFacts, serviceFacts } from "./service.ts";
import { type ServiceAccountFacts, serviceAccountFacts } from "./service-account.ts";
import type { WorkloadFacts } from "./workload.ts";

export type { AutoscalerFacts } from "./autoscaler.ts";
export type { ConfigMapFacts } from "./config-map.ts";
export type { DisruptionBudgetFacts } from "./disruption-budget.ts";
export type { IngressFacts } from "./ingress.ts";
export type { NamedFacts } from "./named.ts";
export type { NamespaceFacts } from "./namespace.ts";
export type { NetworkPolicyFacts } from "./network-policy.ts";
export type { ResourceQuotaFacts } from "./resource-quota.ts";
export type { ServiceFacts } from "./service.ts";
export type { ServiceAccountFacts } from "./service-account.ts";
export { type WorkloadFacts, workloadFacts } from "./workload.ts";

/** What stays in memory of an object once it has been judged, by kind (any version of the group). Workloads: `WorkloadFacts`. */
export type FactsByKind = {
  readonly "CiliumClusterwideNetworkPolicy.cilium.io": NetworkPolicyFacts;
  readonly "CiliumNetworkPolicy.cilium.io": NetworkPolicyFacts;
  readonly "ClusterRole.rbac.authorization.k8s.io": NamedFacts;
  readonly ConfigMap: ConfigMapFacts;
  readonly "HorizontalPodAutoscaler.autoscaling": AutoscalerFacts;
  readonly "Ingress.extensions": IngressFacts;
  readonly "Ingress.networking.k8s.io": IngressFacts;
  readonly "IngressClass.networking.k8s.io": NamedFacts;
  readonly Namespace: NamespaceFacts;
  readonly "NetworkPolicy.networking.k8s.io": NetworkPolicyFacts;
  readonly PersistentVolumeClaim: NamedFacts;
  readonly "PodDisruptionBudget.policy": DisruptionBudgetFacts;
  readonly "PriorityClass.scheduling.k8s.io": NamedFacts;
  readonly ResourceQuota: ResourceQuotaFacts;
  readonly "Role.rbac.authorization.k8s.io": NamedFacts;
  readonly "RuntimeClass.node.k8s.io": NamedFacts;
  readonly "ScaledObject.keda.sh": AutoscalerFacts;
  readonly Secret: NamedFacts;
  readonly Service: ServiceFacts;
  readonly ServiceAccount: ServiceAccountFacts;
  readonly "StorageClass.storage.k8s.io": NamedFacts;
};

/** Facts of any kind that rules may read. */
export type Facts = WorkloadFacts | FactsByKind[keyof FactsByKind];

/** One projection a kind; a kind that is not here can be read by no rule. */
export const projections: { readonly [K in keyof FactsByKind]: (view: ResourceView) => FactsByKind[K] } = {
  "CiliumClusterwideNetworkPolicy.cilium.io": ciliumPolicyFacts,
  "CiliumNetworkPolicy.cilium.io": ciliumPolicyFacts,
  "ClusterRole.rbac.authorization.k8s.io": namedFacts,
  ConfigMap: configMapFacts,
  "HorizontalPodAutoscaler.autoscaling": horizontalPodAutoscalerFacts,
  "Ingress.extensions": ingressFacts,
  "Ingress.networking.k8s.io": ingressFacts,
  "IngressClass.networking.k8s.io": namedFacts,
  Namespace: namespaceFacts,
  "NetworkPolicy.networking.k8s.io": networkPolicyFacts,
  PersistentVolumeClaim: namedFacts,
  "PodDisruptionBudget.policy": disruptionBudgetFacts,
  "PriorityClass.scheduling.k8s.io": namedFacts,
  ResourceQuota: resourceQuotaFacts,
  "Role.rbac.authorization.k8s.io": namedFacts,
  "RuntimeClass.node.k8s.io": namedFacts,
  "ScaledObject.keda.sh": scaledObjectFacts,
  Secret: namedFacts,
  Service: serviceFacts,
  ServiceAccount: serviceAccountFacts,
  "StorageClass.storage.k8s.io": namedFacts,
};
