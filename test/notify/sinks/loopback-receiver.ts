import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KeyPair } from "../../../tools/control-plane/certificates.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Reply = (response: ServerResponse, received: Received) => void;

/** An HTTP server on loopback that answers as it is told, and remembers what came. */
export class LoopbackReceiver {
  readonly received: Received[] = [];
  readonly #server: Server;
  #reply: Reply = (response) => response.end();

  private constructor(keyPair: KeyPair | undefined) {
    const listener: Parameters<typeof createHttpServer>[1] = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = "", url: path = "", headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
      this.received.push(received);
      this.#reply(response, received);
    };
    this.#server =
      keyPair === undefined
        ? createHttpServer(listener)
        : createHttpsServer({ cert: keyPair.certificate, key: keyPair.key }, listener);
  }

  static async start(keyPair?: KeyPair): Promise<LoopbackReceiver> {
    const receiver = new LoopbackReceiver(keyPair);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on. */
  replies(reply: Reply): void {
    this.#reply = reply;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) => response.writeHead(status, { "content-type": "text/plain", ...headers }).end(body);
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) =>
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
      .end(JSON.stringify(body));
}

export function page(status: number): Reply {
  return (response) =>
    response.writeHead(status, { "content-type": "text/html" }).end("<html><body><h1>Oops</h1></body></html>");
}

/** The request is there, and no answer comes. */
export const silence: Reply = () => undefined;

/** The request is there, and the connection breaks. */
export const cut: Reply = (response) => response.socket?.destroy();
