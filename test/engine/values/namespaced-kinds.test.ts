import { describe, expect, it } from "vitest";
import { isBuiltInNamespaced } from "../../../src/engine/values/namespaced-kinds.ts";

describe("built-in kinds", () => {
  it.each([
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
  ] as const)("have a namespace: %s", (kind) => {
    expect(isBuiltInNamespaced(kind)).toBe(true);
  });

  it.each(["Namespace", "Node", "ClusterRole.rbac.authorization.k8s.io", "Rollout.argoproj.io"] as const)(
    "have none, or are not built in: %s",
    (kind) => {
      expect(isBuiltInNamespaced(kind)).toBe(false);
    },
  );
});
