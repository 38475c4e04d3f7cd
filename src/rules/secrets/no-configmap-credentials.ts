import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isCredentialName } from "../../engine/values/credential-name.ts";
import { isLiteralValue } from "../../engine/values/literal-value.ts";
import { namedValues } from "../../engine/values/named-values.ts";
import { printable } from "../../engine/values/printable.ts";
import { namePatternsParam } from "../../engine/values/rule-params.ts";
import { textMapAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-configmap-credentials",
  revision: 1,
  title: "ConfigMaps hold no credentials",
  category: "secrets",
  severity: "High",
  kinds: ["ConfigMap"],
  why: "Roles that may not read Secrets may read ConfigMaps, and so may most people and most tools. What stands there is neither encrypted nor masked.",
  fix: "Move the value into a Secret, and refer to it from there. Then change it: it was readable.",
  packs: { strict: {}, secrets: {}, nsa: {} },
  references: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/",
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  ],
  params: z.strictObject({
    names: namePatternsParam.describe("More names of credentials: RE2, anywhere in the name, in any letter case"),
    ignore: namePatternsParam.describe("Names that are none after all, spelled alike"),
  }),
  // No message takes the value, or any part of it.
  messages: {
    key: "Key {key} looks like a credential, and its value is written out",
    line: "Key {key} sets {name}, which looks like a credential, and its value is written out",
  },
  check({ resource, params, report }) {
    for (const [key, text] of textMapAt(resource.object, "data")) {
      const at = path("data", key);
      const value = text.trim();
      if (!value.includes("\n")) {
        if (isCredentialName(key, params) && isLiteralValue(value))
          report("key", { path: at, data: { key: printable(key) } });
        continue;
      }
      for (const [name, inner] of namedValues(value)) {
        if (!isCredentialName(name, params) || !isLiteralValue(inner)) continue;
        report("line", { path: at, class: printable(name), data: { key: printable(key), name: printable(name) } });
      }
    }
  },
});
