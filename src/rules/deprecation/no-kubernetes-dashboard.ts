import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { metadataOf } from "../../engine/views/metadata.ts";
import { below } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

const dashboard = "kubernetes-dashboard";

/** Also its parts, such as dashboard-web, and its images by architecture. */
const image = /(?:^|\/)(?:kubernetes-dashboard|kubernetesui\/dashboard)/;

const labels = ["k8s-app", "app", "app.kubernetes.io/name"] as const;

export const rule = defineRule({
  id: "no-kubernetes-dashboard",
  revision: 1,
  title: "The Kubernetes Dashboard does not run",
  category: "deprecation",
  severity: "Medium",
  kinds: workloadKinds,
  why: "Whoever reaches the Dashboard acts with the rights of its account or of a token that somebody pasted. In 2018 an open one let strangers mine coins in Tesla's cluster. The project is archived and gets no fixes.",
  fix: "Remove it and use a client that runs on people's own machines, with their own credentials.",
  packs: { strict: {} },
  references: [
    "https://github.com/kubernetes/dashboard",
    "https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/",
  ],
  params: z.strictObject({}),
  messages: {
    image: "Container {container} runs {image}",
    label: "The label {label} is kubernetes-dashboard",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      if (!image.test(container.imageReference?.path ?? "")) continue;
      const text = printable(container.image ?? "");
      report("image", { path: container.at("image"), data: { container: container.name, image: text }, value: text });
    }
    for (const { path, metadata } of metadataOf(resource)) {
      for (const label of labels) {
        if (textAt(metadata, "labels", label) !== dashboard) continue;
        report("label", { path: below(path, "labels", label), data: { label }, value: dashboard });
      }
    }
  },
});
