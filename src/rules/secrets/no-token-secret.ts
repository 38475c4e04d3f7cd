import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

const tokenType = "kubernetes.io/service-account-token";

/** The API server takes a Secret of that type only with this annotation. */
const accountAnnotation = "kubernetes.io/service-account.name";

export const rule = defineRule({
  id: "no-token-secret",
  revision: 1,
  title: "No Secret holds a token that never expires",
  category: "secrets",
  severity: "Medium",
  kinds: ["Secret"],
  why: "The token in such a Secret is valid until somebody deletes it. Whoever has read it once keeps all rights of the service account, from anywhere.",
  fix: "Delete the Secret. Let Pods mount a projected token, and get others by kubectl create token or the TokenRequest API.",
  packs: { strict: {}, secrets: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/service-accounts/#manually-retrieving-serviceaccount-credentials",
    "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
  ],
  params: z.strictObject({}),
  messages: {
    token: "The Secret holds a token of a service account that never expires",
  },
  check({ resource, report }) {
    // Of a live Secret only metadata is read.
    const holdsToken = resource.live
      ? resource.annotations.has(accountAnnotation)
      : textAt(resource.object, "type") === tokenType;
    if (holdsToken) report("token", { path: path("type"), data: {} });
  },
});
