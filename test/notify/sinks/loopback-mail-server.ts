import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { KeyPair } from "../../../tools/control-plane/certificates.ts";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  /** Who had logged in. */
  readonly user: string | undefined;
  readonly raw: Buffer;
  readonly mail: Email;
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface MailServerOptions {
  readonly keyPair: KeyPair;
  /** Whom it lets in; without one it asks nobody who they are. */
  readonly account?: Account;
  /** What the test wants otherwise. */
  readonly options?: SMTPServerOptions;
}

/** What a server says instead of yes. */
export function reply(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code });
}

/** A real SMTP server on loopback, with a certificate of the test's own, that remembers what came. */
export class LoopbackMailServer {
  readonly received: ReceivedMail[] = [];
  readonly #server: SMTPServer;

  private constructor({ keyPair, account, options }: MailServerOptions) {
    this.#server = new SMTPServer({
      key: keyPair.key,
      cert: keyPair.certificate,
      logger: false,
      disableReverseLookup: true,
      closeTimeout: 10,
      authOptional: account === undefined,
      onAuth: ({ username, password }, _session, done) => {
        if (username === account?.username && password === account?.password) done(null, { user: username });
        else done(reply(535, `5.7.8 no: ${username} with ${password}`));
      },
      onData: async (stream, { envelope, secure, user }, done) => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const raw = Buffer.concat(chunks);
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        const mail = await PostalMime.parse(raw);
        this.received.push({ from, to, secure, user: user || undefined, raw, mail });
        done(null);
      },
      ...options,
    });
    // A client that hangs up in the middle is what some tests are about.
    this.#server.on("error", () => undefined);
  }

  static async start(options: MailServerOptions): Promise<LoopbackMailServer> {
    const server = new LoopbackMailServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#server.connections.size;
  }

  /** Breaks all connections. */
  crash(): void {
    for (const connection of this.#server.connections) connection._socket.destroy();
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}
