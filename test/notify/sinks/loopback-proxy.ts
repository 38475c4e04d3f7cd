import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** An HTTP proxy on loopback that opens tunnels, all of them to one port of loopback: names need not be resolvable. */
export class LoopbackProxy {
  readonly targets: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** What it answers to CONNECT; anything but 200 opens no tunnel, and 0 is no answer. */
  status = 200;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number) {
    this.#server = createServer((_, response) => response.writeHead(405).end());
    this.#server.on("connect", (request, socket: Socket) => {
      this.targets.push(request.url ?? "");
      this.authorizations.push(request.headers["proxy-authorization"]);
      this.#keep(socket);
      if (this.status === 0) return;
      if (this.status !== 200) {
        socket.end(`HTTP/1.1 ${this.status} No\r\n\r\n`);
        return;
      }
      const upstream = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      this.#keep(upstream);
    });
  }

  static async startBefore(port: number): Promise<LoopbackProxy> {
    const proxy = new LoopbackProxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // Either end may leave at any time, which is no failure of the proxy.
    socket.on("error", () => socket.destroy());
  }
}
