import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "read-only-root-filesystem",
  revision: 1,
  title: "Containers cannot write to their own image",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "Most attacks begin by writing a program to disk and running it. A read-only root file system stops that, and keeps the container what its image is.",
  fix: "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program must write.",
  packs: { strict: {}, nsa: {}, eks: {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_READONLYROOTFILESYSTEM_VALUE" }],
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    "https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} may write to its root file system: readOnlyRootFilesystem is not set",
    writable: "Container {container} may write to its root file system: readOnlyRootFilesystem is false",
  },
  check({ resource: { podSpec }, report }) {
    for (const container of podSpec?.all ?? []) {
      const flag = flagAt(container.securityContext, "readOnlyRootFilesystem");
      if (flag === true) continue;
      report(flag === undefined ? "missing" : "writable", {
        path: container.at("securityContext", "readOnlyRootFilesystem"),
        data: { container: container.name },
        value: flag === undefined ? "none" : "false",
      });
    }
  },
});
