import type { KindName } from "../resource.ts";

/** Built-in kinds that live in a namespace: `kubectl api-resources --namespaced` of Kubernetes 1.37, and the old group extensions. */
const namespaced: ReadonlySet<KindName> = new Set([
  "ConfigMap",
  "Endpoints",
  "Event",
  "LimitRange",
  "PersistentVolumeClaim",
  "Pod",
  "PodTemplate",
  "ReplicationController",
  "ResourceQuota",
  "Secret",
  "Service",
  "ServiceAccount",
  "ControllerRevision.apps",
  "DaemonSet.apps",
  "Deployment.apps",
  "ReplicaSet.apps",
  "StatefulSet.apps",
  "LocalSubjectAccessReview.authorization.k8s.io",
  "HorizontalPodAutoscaler.autoscaling",
  "CronJob.batch",
  "Job.batch",
  "PodCertificateRequest.certificates.k8s.io",
  "Lease.coordination.k8s.io",
  "LeaseCandidate.coordination.k8s.io",
  "EndpointSlice.discovery.k8s.io",
  "Event.events.k8s.io",
  "DaemonSet.extensions",
  "Deployment.extensions",
  "Ingress.extensions",
  "NetworkPolicy.extensions",
  "ReplicaSet.extensions",
  "Ingress.networking.k8s.io",
  "NetworkPolicy.networking.k8s.io",
  "PodDisruptionBudget.policy",
  "Role.rbac.authorization.k8s.io",
  "RoleBinding.rbac.authorization.k8s.io",
  "ResourceClaim.resource.k8s.io",
  "ResourceClaimTemplate.resource.k8s.io",
  "PodGroup.scheduling.k8s.io",
  "Workload.scheduling.k8s.io",
  "CSIStorageCapacity.storage.k8s.io",
]);

/** Whether an object of the kind is in the namespace `default` where it names none. Of kinds of other projects nobody can tell. */
export function isBuiltInNamespaced(kind: KindName): boolean {
  return namespaced.has(kind);
}
