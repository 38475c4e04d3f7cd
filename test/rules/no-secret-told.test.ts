import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/engine/resource.ts";
import { everyRule, judgeAll, problemsIn, told } from "./every-rule.ts";
import { readFixtures } from "./harness.ts";

/** Live-looking credentials of every shape that a rule knows, and a password that has none. */
const secrets = [
  "Marked-Passw0rd-4711-Zebra",
  ...new Set(
    readFixtures("no-exposed-secret")
      .filter(({ expect: expected }) => expected.length > 0)
      .flatMap(({ objects }) => objects.flatMap(longTextsIn)),
  ),
];

function longTextsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /[\w-]{14,}/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(longTextsIn) : [];
}

/** Every place where people put credentials, of every kind, with this one in it. */
function objectsWith(secret: string): readonly KubeObject[] {
  const metadata = {
    name: "checkout",
    namespace: "shop",
    annotations: {
      password: secret,
      "nginx.ingress.kubernetes.io/configuration-snippet": `proxy_set_header Authorization "Bearer ${secret}";`,
      "nginx.ingress.kubernetes.io/auth-url": `https://auth.example.com/?token=${secret}`,
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ token: secret }),
    },
  };
  const container = (name: string) => ({
    name,
    image: "registry.example.com/app:1.0",
    command: ["app", `--password=${secret}`, secret],
    args: ["--token", secret],
    env: [
      { name: "API_TOKEN", value: secret },
      { name: "DATABASE_URL", value: `postgres://shop:${secret}@db:5432/shop` },
      { name: "API_TOKEN", value: `${secret}-again` },
    ],
    lifecycle: { preStop: { exec: { command: ["sh", "-c", `curl -u shop:${secret} localhost`] } } },
    livenessProbe: {
      httpGet: { path: `/?key=${secret}`, port: 80, httpHeaders: [{ name: "Authorization", value: secret }] },
    },
  });
  const spec = {
    containers: [container("app")],
    initContainers: [container("init"), { ...container("sidecar"), restartPolicy: "Always" }],
    ephemeralContainers: [container("debug")],
    volumes: [{ name: "flex", flexVolume: { driver: "x/y", options: { password: secret } } }],
  };
  const template = { metadata: { labels: { app: "checkout" }, annotations: metadata.annotations }, spec };
  const data = { "settings.yaml": `password: ${secret}\n`, TOKEN: secret, DB_PASSWORD: secret };
  return [
    { apiVersion: "v1", kind: "Pod", metadata, spec },
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } },
    { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate: { spec: { template } } } },
    { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata, spec: { template } },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata,
      spec: {
        arguments: { parameters: [{ name: "token", value: secret }] },
        templates: [{ name: "main", container: container("main"), script: { source: `echo ${secret}` } }],
      },
    },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata,
      spec: {
        source: {
          repoURL: `https://git:${secret}@git.example.com/shop.git`,
          helm: { parameters: [{ name: "password", value: secret }], values: `password: ${secret}` },
        },
      },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: data, data: { TOKEN: secret } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata, imagePullSecrets: [{ name: "registry" }] },
    { apiVersion: "v1", kind: "Service", metadata, spec: { type: "ExternalName", externalName: "db.example.com" } },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { rules: [{ http: { paths: [{ path: `/hook/${secret}`, pathType: "Prefix" }] } }] },
    },
  ];
}

describe("no message, path, value or class tells a secret", () => {
  const policies = everyRule(objectsWith(""));

  it.each(secrets.map((secret, at) => [at, secret] as const))("number %i", (_, secret) => {
    const evaluation = judgeAll(policies, objectsWith(secret));
    expect(problemsIn(evaluation)).toEqual([]);
    const leaks = told(evaluation).filter((one) => partsOf(secret).some((part) => JSON.stringify(one).includes(part)));
    expect(leaks).toEqual([]);
  });

  it("although the rules about secrets find these", () => {
    const found = told(judgeAll(policies, objectsWith(secrets.at(-1) ?? "")));
    expect(found.filter(({ fingerprint }) => fingerprint.startsWith("no-exposed-secret-")).length).toBeGreaterThan(10);
  });
});

/** Pieces of a secret that are long enough to be of use to somebody; words that anybody writes are none. */
function partsOf(secret: string): readonly string[] {
  return (secret.match(/[\w-]{10,}/g) ?? []).flatMap((run) =>
    Array.from({ length: run.length - 9 }, (_, at) => run.slice(at, at + 10)),
  );
}
