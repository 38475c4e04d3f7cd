import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt, textAt, textsAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

/** Also inside the command line of a shell; a flag that is followed by `=false` is none. */
const flags = /(?<![\w-])--(?:insecure-skip-tls-verify|kubelet-insecure-tls|skip-tls-verify)(?![\w-])(?!=false\b)/g;

/** Each of them has this in it, and hardly any other text: the expression is tried at every place of a text. */
const inEachFlag = "-tls";

function findFlags(text: string): readonly string[] {
  return text.includes(inEachFlag) ? (text.match(flags) ?? []) : [];
}

/** Variables by which runtimes and tools are told not to check certificates. */
const variables: ReadonlyMap<string, string> = new Map([
  ["NODE_TLS_REJECT_UNAUTHORIZED", "0"],
  ["PYTHONHTTPSVERIFY", "0"],
  ["GIT_SSL_NO_VERIFY", "true"],
]);

export const rule = defineRule({
  id: "no-skip-tls-verify",
  revision: 1,
  title: "Certificates are verified",
  category: "network",
  severity: "High",
  kinds: [...workloadKinds, "APIService.apiregistration.k8s.io"],
  why: "A client that takes any certificate talks to whoever answers. Somebody on the way reads and changes everything, credentials first; on an APIService that is the requests and tokens of the API server itself.",
  fix: "Remove the switch, and let the client trust the right authority: caBundle, a mounted CA file, NODE_EXTRA_CA_CERTS.",
  packs: { strict: {}, network: {} },
  references: [
    "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/",
    "https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue",
    "https://github.com/kubernetes-sigs/metrics-server#requirements",
  ],
  params: z.strictObject({}),
  messages: {
    apiService: "The API server does not verify the certificate of this API service",
    flag: "Container {container} is told by {flag} not to verify certificates",
    variable: "Container {container} is told by {variable} not to verify certificates",
  },
  check({ resource, report }) {
    // Of a workload the field has no meaning, and no API accepts it.
    if (!resource.isWorkload && flagAt(resource.object, "spec", "insecureSkipTLSVerify") === true)
      report("apiService", { path: path("spec", "insecureSkipTLSVerify"), data: {}, value: "true" });
    for (const container of resource.podSpec?.all ?? []) {
      const { name } = container;
      for (const field of ["command", "args"] as const)
        for (const text of textsAt(container.fields, field))
          for (const flag of findFlags(text))
            report("flag", { path: container.at(field), class: flag, data: { container: name, flag }, value: flag });
      for (const entry of container.env) {
        const key = textAt(entry, "name") ?? "";
        const value = variables.get(key);
        if (value === undefined || textAt(entry, "value") !== value) continue;
        const variable = `${key}=${value}`;
        const at = container.at("env", { name: key }, "value");
        report("variable", { path: at, data: { container: name, variable }, value: variable });
      }
    }
  },
});
