import { Agent, request as httpRequest } from "undici";

/** How to reach an API server and as whom. Certificates and keys are PEM. */
export interface ApiAccess {
  readonly server: string;
  readonly authority: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
}

/** The API server answered with another status than 2xx. */
export class ApiStatusError extends Error {
  override readonly name = "ApiStatusError";
  readonly status: number;
  /** The reason word of the Status object, such as `NotFound` or `Forbidden`; empty when there was none. */
  readonly reason: string;

  constructor(method: string, path: string, status: number, body: unknown) {
    const { message, reason } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    super(`${method} ${path}: ${status} ${typeof message === "string" ? message : String(body)}`);
    this.status = status;
    this.reason = typeof reason === "string" ? reason : "";
  }
}

export interface ApiRequestOptions {
  /** Of the request body; JSON unless told otherwise (patches have their own). */
  readonly contentType?: string;
  readonly timeoutMs?: number;
}

/** A plain JSON client for set-up and checks. What the product itself talks with is `src/kube`. */
export class ApiClient implements AsyncDisposable {
  readonly #access: ApiAccess;
  readonly #agent: Agent;

  constructor(access: ApiAccess) {
    this.#access = access;
    this.#agent = new Agent({
      // A restarted API server must be met on a new connection soon.
      keepAliveTimeout: 1_000,
      connect: {
        ca: access.authority,
        ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
        ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
      },
    });
  }

  /**
   * @param path from the root, with its query: `/api/v1/namespaces?limit=5`
   * @returns the parsed JSON answer; text when it is none (`/readyz`)
   * @throws ApiStatusError for every status but 2xx
   */
  async request<T = unknown>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    options: ApiRequestOptions = {},
  ): Promise<T> {
    const { contentType = "application/json", timeoutMs = 30_000 } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = httpRequest(`${this.#access.server}${path}`, {
      method,
      dispatcher: this.#agent,
      signal,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...(this.#access.token === undefined ? {} : { authorization: `Bearer ${this.#access.token}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const answer = await Promise.race([asked, aborted(signal)]);
    const text = await answer.body.text();
    const json = String(answer.headers["content-type"]).startsWith("application/json");
    const content: unknown = json ? JSON.parse(text) : text;
    if (answer.statusCode < 200 || answer.statusCode > 299)
      throw new ApiStatusError(method, path, answer.statusCode, content);
    return content as T;
  }

  /** Ends its connections; requests under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** undici heeds a signal only once it is connected; a server that is paused accepts connections and says nothing. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
