import { type Fields, recordsAt, textAt } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** The kinds that call a Service for admission. */
export const webhookKinds = [
  "MutatingWebhookConfiguration.admissionregistration.k8s.io",
  "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
] as const;

export interface WebhookView {
  readonly name: string;
  /** `webhooks[name=x]`. */
  readonly path: Path;
  readonly fields: Fields;
}

/** The webhooks of a configuration. */
export function webhooksOf(view: ResourceView): readonly WebhookView[] {
  return recordsAt(view.object, "webhooks").map((fields) => {
    const name = textAt(fields, "name") ?? "";
    return { name, path: path("webhooks", { name }), fields };
  });
}
