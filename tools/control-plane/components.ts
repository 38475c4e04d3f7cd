import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The command lines of the three parts, and the files that they read. */

export interface EtcdSettings {
  readonly dataDir: string;
  readonly clientPort: number;
  readonly peerPort: number;
  /** Wait for the disk on every write. Without it only a crash of the whole machine can lose data. */
  readonly durable: boolean;
  readonly extraFlags: readonly string[];
}

export function etcdArgs(settings: EtcdSettings): string[] {
  const client = `http://127.0.0.1:${settings.clientPort}`;
  const peer = `http://127.0.0.1:${settings.peerPort}`;
  return [
    "--name=pawl",
    `--data-dir=${settings.dataDir}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=pawl=${peer}`,
    `--unsafe-no-fsync=${!settings.durable}`,
    "--log-level=warn",
    ...settings.extraFlags,
  ];
}

export interface ApiServerSettings {
  readonly port: number;
  readonly etcdPort: number;
  readonly files: CredentialFiles;
  readonly audit?: { readonly policyFile: string; readonly logFile: string };
  readonly extraFlags: readonly string[];
}

export function apiServerArgs(settings: ApiServerSettings): string[] {
  const { files, audit } = settings;
  return [
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${settings.port}`,
    `--etcd-servers=http://127.0.0.1:${settings.etcdPort}`,
    `--tls-cert-file=${files.serverCertificate}`,
    `--tls-private-key-file=${files.serverKey}`,
    `--client-ca-file=${files.authority}`,
    `--service-account-key-file=${files.tokenPublicKey}`,
    `--service-account-signing-key-file=${files.tokenPrivateKey}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
    // Endpoints may not hold loopback addresses, and nobody reaches this API server through its Service.
    "--endpoint-reconciler-type=none",
    ...(audit === undefined
      ? []
      : [
          `--audit-policy-file=${audit.policyFile}`,
          `--audit-log-path=${audit.logFile}`,
          // MB: one file, so that a reader who counts need not follow a rotation.
          "--audit-log-maxsize=100000",
        ]),
    ...settings.extraFlags,
  ];
}

export interface ControllerManagerSettings {
  readonly port: number;
  readonly kubeconfig: string;
  readonly files: CredentialFiles;
}

export function controllerManagerArgs(settings: ControllerManagerSettings): string[] {
  const { files, kubeconfig } = settings;
  return [
    `--kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${settings.port}`,
    `--tls-cert-file=${files.serverCertificate}`,
    `--tls-private-key-file=${files.serverKey}`,
    `--root-ca-file=${files.authority}`,
    `--service-account-private-key-file=${files.tokenPrivateKey}`,
    // Every controller under its own account and RBAC, as in real clusters.
    "--use-service-account-credentials=true",
    // There is only this one: no lease to wait for after a restart.
    "--leader-elect=false",
    // The usual 20 requests a second make its start take four seconds longer: an account and a token per controller.
    "--kube-api-qps=500",
    "--kube-api-burst=500",
  ];
}

/** Paths of the PEM files that the parts read. */
export interface CredentialFiles {
  readonly authority: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly tokenPrivateKey: string;
  readonly tokenPublicKey: string;
}

export function writeCredentials(dir: string, contents: { [file in keyof CredentialFiles]: string }): CredentialFiles {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const write = (name: keyof CredentialFiles): string => {
    const path = join(dir, `${name}.pem`);
    writeFileSync(path, contents[name], { mode: 0o600 });
    return path;
  };
  return {
    authority: write("authority"),
    serverCertificate: write("serverCertificate"),
    serverKey: write("serverKey"),
    tokenPrivateKey: write("tokenPrivateKey"),
    tokenPublicKey: write("tokenPublicKey"),
  };
}

/** How much of every request the audit log keeps, or a whole `audit.k8s.io/v1` Policy. */
export type AuditPolicy = "Metadata" | "Request" | "RequestResponse" | { readonly rules: readonly unknown[] };

/** Writes the audit policy and makes an empty log, so that a reader finds it before the first request. */
export function writeAuditFiles(dir: string, policy: AuditPolicy): { policyFile: string; logFile: string } {
  const files = { policyFile: join(dir, "audit-policy.json"), logFile: join(dir, "audit.log") };
  // One event per request, when it has been answered.
  const whole = { apiVersion: "audit.k8s.io/v1", kind: "Policy", omitStages: ["RequestReceived"] };
  writeFileSync(
    files.policyFile,
    JSON.stringify(typeof policy === "string" ? { ...whole, rules: [{ level: policy }] } : { ...whole, ...policy }),
  );
  if (!existsSync(files.logFile)) writeFileSync(files.logFile, "");
  return files;
}
