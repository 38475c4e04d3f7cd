import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { WebhookDocument } from "../../../src/notify/sinks/webhook-document.ts";

/** One delivery that arrived. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly message: WebhookDocument;
}

/** Answers one delivery; default: 204. */
export type Answer = (arrival: Arrival, response: ServerResponse) => void | Promise<void>;

/** A webhook's receiver on loopback that keeps what arrives. */
export class Receiver implements AsyncDisposable {
  readonly #server: Server;
  readonly arrivals: Arrival[] = [];
  answer: Answer = (_arrival, response) => {
    response.writeHead(204).end();
  };

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const arrival = { headers: request.headers, message: JSON.parse(await text(request)) as WebhookDocument };
      this.arrivals.push(arrival);
      await this.answer(arrival, response);
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/pawl`;
  }

  /** What arrived for one subscription, oldest first: `transitions memory-limit +1 -0`, `digest`, each with `repeat` where it says so. */
  told(subscription: string): readonly string[] {
    return this.of(subscription).map(({ message }) => {
      const repeat = message.repeated ? " repeat" : "";
      if (message.kind !== "transitions") return `${message.kind}${repeat}`;
      const { rule, added, fixed, adopted } = message.notice;
      if (adopted !== undefined) return `adopted ${rule.id} ${adopted.violations} in ${adopted.namespaces}${repeat}`;
      return `${rule.id} +${added.total} -${fixed.total}${repeat}`;
    });
  }

  of(subscription: string): readonly Arrival[] {
    return this.arrivals.filter(({ message }) => message.subscription === subscription);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
