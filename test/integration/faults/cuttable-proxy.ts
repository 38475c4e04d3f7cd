import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to the API server over TCP that can be cut and mended, as a network does: nothing is refused, nothing arrives. */
export class CuttableProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  /** Accepted while the way is cut: nobody answers them until it is mended. */
  #held: Socket[] = [];
  #cut = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
  }

  /** To a port of 127.0.0.1. */
  static async start(target: number): Promise<CuttableProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new CuttableProxy(server, target);
    server.on("connection", (socket) => proxy.#accept(socket));
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is sent from now on waits, in both directions. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was sent meanwhile arrives. */
  mend(): void {
    this.#cut = false;
    for (const socket of this.#sockets) socket.resume();
    for (const socket of this.#held.splice(0)) this.#join(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const socket of [...this.#sockets, ...this.#held]) socket.destroy();
    await promise;
  }

  #accept(socket: Socket): void {
    if (this.#cut) this.#held.push(this.#noted(socket));
    else this.#join(this.#noted(socket));
  }

  #join(near: Socket): void {
    if (near.destroyed) return;
    const far = this.#noted(connect(this.#target, "127.0.0.1"));
    pump(near, far);
    pump(far, near);
    if (this.#cut) far.pause();
  }

  #noted(socket: Socket): Socket {
    this.#sockets.add(socket);
    if (this.#cut) socket.pause();
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }
}

/** One direction. By hand, because a `pipe` flows again whenever its reader has drained. */
function pump(from: Socket, to: Socket): void {
  from.on("data", (chunk) => to.write(chunk));
  from.on("end", () => to.end());
  // Whatever ended the one ends the other; the ends of the way learn of it from their own connection.
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}
