import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import type { ApiType } from "../../kube/api-type.ts";
import type { KubeClient } from "../../kube/client.ts";
import { ForbiddenError, KubeError, NotFoundError } from "../../kube/errors.ts";
import { identityOf, isRecord, type RawObject, text } from "../../kube/object.ts";
import { Credentials } from "../sinks/credentials.ts";
import type { CredentialProblem } from "./conditions.ts";
import { missingKey } from "./secret-keys.ts";

const secretType: ApiType = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

export interface SecretReaderOptions {
  readonly client: KubeClient;
  /** The operator's own. */
  readonly namespace: string;
  /** Names that subscriptions may give; empty: any that RBAC allows. */
  readonly allowed: readonly string[];
}

export type CredentialsReading =
  | { readonly ok: true; readonly credentials: Credentials; readonly version: string }
  | { readonly ok: false; readonly problem: CredentialProblem; readonly version: string };

/** Reads the Secret that a subscription names, each time anew: a rotated credential counts from the next message on. */
export class SecretReader {
  readonly #options: SecretReaderOptions;
  #account: Promise<string> | undefined;

  constructor(options: SecretReaderOptions) {
    this.#options = options;
  }

  /** @throws only the reason of the aborted signal */
  async read({ sink }: ReportSubscriptionSpec, signal: AbortSignal): Promise<CredentialsReading> {
    const [type = "", target] = Object.entries(sink)[0] ?? [];
    const name = target?.secretRef?.name;
    if (name === undefined) return { ok: true, credentials: new Credentials([]), version: "" };
    const field = `spec.sink.${type}.secretRef.name`;
    const { client, namespace, allowed } = this.#options;
    if (allowed.length > 0 && !allowed.includes(name))
      return stalled(
        "SecretNotAllowed",
        `${field}: the operator's setting report-secrets does not name ${name}: add it there`,
      );
    try {
      const secret = await client.get(secretType, { namespace, name }, { signal });
      const credentials = new Credentials(decoded(secret));
      const version = identityOf(secret).resourceVersion;
      const missing = missingKey(sink, credentials);
      if (missing === undefined) return { ok: true, credentials, version };
      return stalled("MissingKey", `${field}: Secret ${namespace}/${name} ${missing}`, version);
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof NotFoundError)
        return stalled("SecretNotFound", `${field}: there is no Secret ${namespace}/${name}: create it`);
      if (error instanceof ForbiddenError)
        return stalled(
          "SecretNotReadable",
          `${field}: the operator may not read Secret ${namespace}/${name}. Run: ${await this.#grant(name, signal)}`,
        );
      if (error instanceof KubeError)
        return {
          ok: false,
          problem: { kind: "transient", message: `${field}: Secret ${namespace}/${name} could not be read` },
          version: "",
        };
      throw error;
    }
  }

  /** What grants it that one Secret, and nothing else. */
  async #grant(name: string, signal: AbortSignal): Promise<string> {
    const { namespace } = this.#options;
    const role = `pawl-report-secret-${name}`;
    return [
      `kubectl create role ${role} -n ${namespace} --verb=get --resource=secrets --resource-name=${name}`,
      `kubectl create rolebinding ${role} -n ${namespace} --role=${role} ${await this.#subject(signal)}`,
    ].join(" && ");
  }

  /** Who we are to the API server, as a flag of kubectl. */
  async #subject(signal: AbortSignal): Promise<string> {
    this.#account ??= this.#whoAmI(signal);
    try {
      const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(await this.#account) ?? [];
      return name === undefined ? `--user=${await this.#account}` : `--serviceaccount=${namespace}:${name}`;
    } catch (error) {
      this.#account = undefined;
      if (signal.aborted || !(error instanceof KubeError)) throw error;
      return `--serviceaccount=${this.#options.namespace}:pawl`;
    }
  }

  async #whoAmI(signal: AbortSignal): Promise<string> {
    const answer = await this.#options.client.request({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      signal,
    });
    const status = isRecord(answer) && isRecord(answer.status) ? answer.status : {};
    return text(isRecord(status.userInfo) ? status.userInfo.username : undefined);
  }
}

function stalled(
  reason: Extract<CredentialProblem, { kind: "stalled" }>["reason"],
  message: string,
  version = "",
): CredentialsReading {
  return { ok: false, problem: { kind: "stalled", reason, message }, version };
}

function decoded(secret: RawObject): [string, string][] {
  const data = isRecord(secret.data) ? secret.data : {};
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(text(value), "base64").toString("utf8")]);
}
