import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { type Fields, fieldsAt, textAt, valueBelow } from "../../engine/views/fields.ts";
import { below, type Path, path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";
import { webhookKinds, webhooksOf } from "../../engine/views/webhooks.ts";

interface Call {
  readonly path: Path;
  /** Undefined for the conversion of a custom kind. */
  readonly webhook: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

export const rule = defineInventoryRule({
  id: "webhook-target",
  revision: 1,
  title: "Webhooks call Services that exist",
  category: "platform",
  severity: "High",
  kinds: [...webhookKinds, "CustomResourceDefinition.apiextensions.k8s.io"],
  reads: ["Service"],
  why: "With failurePolicy Fail, which is the default, a missing Service stops every request that the webhook matches, often all of Pods. A conversion webhook without its Service makes every object of the kind unreadable.",
  fix: "Install the Service, correct its name and namespace, or delete the configuration that an uninstall has left behind.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/",
    "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion",
  ],
  params: z.strictObject({}),
  messages: {
    webhook: "Webhook {webhook} calls the Service {service}, which does not exist",
    conversion: "Conversion between versions calls the Service {service}, which does not exist",
  },
  collect({ resource }) {
    const calls = callsOf(resource);
    return calls.length === 0 ? undefined : calls;
  },
  check({ subject, inventory, report }) {
    for (const { path: at, webhook, namespace, name: target } of subject) {
      if (inventory.get("Service", namespace, target) !== undefined) continue;
      const service = printable(`${namespace}/${target}`);
      if (webhook === undefined) {
        report("conversion", { path: at, data: { service }, value: service });
        continue;
      }
      const name = printable(webhook);
      report("webhook", { path: at, class: name, data: { webhook: name, service }, value: service });
    }
  },
});

function callsOf(resource: ResourceView): readonly Call[] {
  const admission = webhooksOf(resource).flatMap(({ name, path: at, fields }) =>
    callOf(below(at, "clientConfig", "service"), fieldsAt(fields, "clientConfig", "service"), name),
  );
  const conversion = conversions.flatMap((steps) =>
    callOf(path(...steps, "service"), fieldsAt(valueBelow(resource.object, steps), "service"), undefined),
  );
  return [...admission, ...conversion];
}

/** Where a CustomResourceDefinition names its webhook, in v1 and before. */
const conversions = [
  ["spec", "conversion", "webhook", "clientConfig"],
  ["spec", "conversion", "webhookClientConfig"],
] as const;

function callOf(at: Path, service: Fields | undefined, webhook: string | undefined): readonly Call[] {
  const [namespace, name] = [textAt(service, "namespace"), textAt(service, "name")];
  return namespace && name ? [{ path: at, webhook, namespace, name }] : [];
}
