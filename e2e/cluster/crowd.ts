import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { ApiClient } from "../../tools/control-plane/index.ts";

const namespaces = 20;
const writers = 8;

/** How many objects a crowd has, without its namespaces and what the cluster makes of them. */
export const crowdSize = 5_000;

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } },
  ];
  readonly users: readonly [
    { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } },
  ];
}

/** Fills namespaces `crowd-0` to `crowd-19` with CronJobs that run nothing, Services, ServiceAccounts and ConfigMaps. */
export async function crowd(kubeconfig: string): Promise<void> {
  const { clusters, users } = load(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  const pem = (base64: string) => Buffer.from(base64, "base64").toString();
  await using api = new ApiClient({
    server: clusters[0].cluster.server,
    authority: pem(clusters[0].cluster["certificate-authority-data"]),
    clientCertificate: pem(users[0].user["client-certificate-data"]),
    clientKey: pem(users[0].user["client-key-data"]),
  });
  for (let number = 0; number < namespaces; number++)
    await api.request("POST", "/api/v1/namespaces", { metadata: { name: `crowd-${number}` } });
  const left = objects();
  const write = async () => {
    for (const { path, body } of left) await api.request("POST", path, body);
  };
  await Promise.all(Array.from({ length: writers }, write));
}

interface Creation {
  readonly path: string;
  readonly body: object;
}

function* objects(): Generator<Creation> {
  const each = crowdSize / namespaces / 5;
  for (let number = 0; number < namespaces; number++) {
    const core = `/api/v1/namespaces/crowd-${number}`;
    for (let at = 0; at < each; at++) {
      const metadata = { name: `app-${at}`, labels: { app: `app-${at}` } };
      const selector = metadata.labels;
      const pod = { restartPolicy: "Never", containers: [{ name: "app", image: "example.com/app:1" }] };
      yield {
        path: `/apis/batch/v1/namespaces/crowd-${number}/cronjobs`,
        // Suspended: a controller that has to write a thousand objects would keep the chart's own Deployment waiting.
        body: {
          metadata,
          spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: { spec: pod } } } },
        },
      };
      yield {
        path: `${core}/services`,
        body: { metadata, spec: { clusterIP: "None", selector, ports: [{ port: 80 }] } },
      };
      yield { path: `${core}/serviceaccounts`, body: { metadata } };
      yield { path: `${core}/configmaps`, body: { metadata, data: { key: "value" } } };
      yield {
        path: `${core}/configmaps`,
        body: { metadata: { ...metadata, name: `more-${at}` }, data: { key: "value" } },
      };
    }
  }
}
