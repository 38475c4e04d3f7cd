import { describe, expect, it } from "vitest";
import { nameProblem } from "../../../src/engine/values/object-name.ts";

const a = (length: number) => "a".repeat(length);

describe("nameProblem", () => {
  it.each([
    ["ConfigMap", "a"],
    ["ConfigMap", "0"],
    ["ConfigMap", "kube-root-ca.crt"],
    ["Deployment.apps", "a-b.c--d.1"],
    ["Deployment.apps", a(253)],
    ["Widget.example.com", "a.b"],
    ["Service", "a"],
    ["Service", a(63)],
    ["Namespace", "1-a"],
    ["Service.serving.knative.dev", "a.b"],
    ["Role.rbac.authorization.k8s.io", "system:Node_1 x"],
    ["ClusterRole.rbac.authorization.k8s.io", "..."],
    ["RoleBinding.rbac.authorization.k8s.io", a(300)],
    ["ClusterRoleBinding.rbac.authorization.k8s.io", "a:b"],
    ["APIService.apiregistration.k8s.io", "v1."],
  ])("takes for %s the name %s", (kind, name) => {
    expect(nameProblem(kind, name)).toBeUndefined();
  });

  it.each([
    ["ConfigMap", "A"],
    ["ConfigMap", "a_b"],
    ["ConfigMap", "a b"],
    ["ConfigMap", "-a"],
    ["ConfigMap", "a-"],
    ["ConfigMap", ".a"],
    ["ConfigMap", "a."],
    ["ConfigMap", "a..b"],
    ["ConfigMap", "a-.b"],
    ["ConfigMap", "system:a"],
    ["Service", "a.b"],
    ["Service", "a-"],
    ["Namespace", "-a"],
    ["Role.rbac.authorization.k8s.io", "a/b"],
    ["ClusterRole.rbac.authorization.k8s.io", "a%b"],
    ["RoleBinding.rbac.authorization.k8s.io", "."],
    ["APIService.apiregistration.k8s.io", ".."],
  ])("refuses for %s the name %s", (kind, name) => {
    expect(nameProblem(kind, name)).toBe("illegal");
  });

  it.each([
    ["ConfigMap", 254],
    ["Service", 64],
    ["Namespace", 64],
  ])("refuses for %s a name of %i characters", (kind, length) => {
    expect(nameProblem(kind, a(length))).toBe("tooLong");
  });
});
