import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import { type Answer, post } from "../../../src/notify/sinks/http.ts";
import type { SinkIo } from "../../../src/notify/sinks/sink-io.ts";
import { type Authority, createAuthority } from "../../../tools/control-plane/certificates.ts";
import { LoopbackProxy } from "./loopback-proxy.ts";
import { cut, LoopbackReceiver, silence, text } from "./loopback-receiver.ts";
import { failureOf, io, never, sentAt } from "./sending.ts";

const none = new Credentials([]);

function postTo(url: string, credentials = none, world: SinkIo = io(), signal = never): Promise<Answer> {
  const request = { url: new URL(url), addressField: "webhook.url", headers: { "x-test": "1" }, body: "{}" };
  return post(request, credentials, world, signal);
}

let receiver: LoopbackReceiver;
beforeEach(async () => {
  receiver = await LoopbackReceiver.start();
});
afterEach(() => receiver.stop());

describe("a request", () => {
  it("arrives once, with its headers and its body", async () => {
    await postTo(`http://127.0.0.1:${receiver.port}/in?a=1`);
    expect(receiver.received).toMatchObject([
      { method: "POST", path: "/in?a=1", headers: { "x-test": "1", "user-agent": "pawl" }, body: "{}" },
    ]);
  });

  it("follows no redirect", async () => {
    receiver.replies((response) => response.writeHead(307, { location: "/elsewhere" }).end());
    expect(await postTo(`http://127.0.0.1:${receiver.port}/in`)).toMatchObject({ status: 307 });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ["30", 30_000],
    ["0", 0],
    [new Date(sentAt + 90_000).toUTCString(), 90_000],
    [new Date(sentAt - 90_000).toUTCString(), undefined],
    ["soon", undefined],
    ["999999", undefined],
  ])("learns from Retry-After: %s how long to wait", async (header, expected) => {
    receiver.replies(text(429, "", { "retry-after": header }));
    expect((await postTo(`http://127.0.0.1:${receiver.port}/`)).retryAfterMs).toBe(expected);
  });

  it("reads the beginning of an answer that has no end", async () => {
    receiver.replies((response) => {
      const more = (): boolean => response.write("x".repeat(8192), () => !response.destroyed && more());
      more();
    });
    expect((await postTo(`http://127.0.0.1:${receiver.port}/`)).text).toHaveLength(16 * 1024);
  });

  it("ends with the reason for which it was given up", async () => {
    const abort = new AbortController();
    receiver.replies(() => abort.abort(new Error("shutting down")));
    const url = `http://127.0.0.1:${receiver.port}/`;
    await expect(postTo(url, none, io(), abort.signal)).rejects.toThrow("shutting down");
  });
});

describe("without an answer", () => {
  it("in time it is a Timeout that may have worked", async () => {
    receiver.replies(silence);
    const error = await failureOf(postTo(`http://127.0.0.1:${receiver.port}/`, none, io({ deadlineMs: 200 })));
    expect(error).toMatchObject({ code: "Timeout", retry: {}, unconfirmed: true, field: "webhook.url" });
  });

  it("because the connection was cut it is Unreachable, and may have worked", async () => {
    receiver.replies(cut);
    const error = await failureOf(postTo(`http://127.0.0.1:${receiver.port}/`));
    expect(error).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: true });
    expect(error.message).toContain("it closed the connection without an answer");
  });

  it("because nobody listens it is Unreachable, and has not worked", async () => {
    const { port } = receiver;
    await receiver.stop();
    const error = await failureOf(postTo(`http://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: false });
    expect(error.message).toBe(
      `webhook.url: 127.0.0.1:${port} could not be reached: it refuses connections. Check the address, network policies and the proxy; it is tried again.`,
    );
    receiver = await LoopbackReceiver.start();
  });

  it("because the name is unknown it is Unreachable", async () => {
    const error = await failureOf(postTo("https://receiver.invalid/"));
    expect(error).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: false });
  });
});

describe("over TLS", () => {
  let authority: Authority;
  let secure: LoopbackReceiver;
  beforeAll(async () => {
    authority = await createAuthority();
  });
  afterEach(() => secure.stop());

  const trusting = (pem: string) => new Credentials([["ca.crt", pem]]);

  it("a receiver with a certificate of one's own authority is trusted", async () => {
    secure = await LoopbackReceiver.start(await authority.issueServer({ commonName: "receiver" }));
    const answer = await postTo(`https://127.0.0.1:${secure.port}/`, trusting(authority.certificate));
    expect(answer.status).toBe(200);
  });

  it("a receiver of an unknown authority is not, and the key for authorities is named", async () => {
    secure = await LoopbackReceiver.start(await authority.issueServer({ commonName: "receiver" }));
    const error = await failureOf(postTo(`https://127.0.0.1:${secure.port}/`));
    expect(error).toMatchObject({ code: "BadCertificate", retry: "never", field: 'Secret key "ca.crt"' });
    expect(secure.received).toEqual([]);
  });

  it("a certificate that has expired is refused, and tried again, for others renew it", async () => {
    const old = await createAuthority(new Date("2020-01-01T00:00:00Z"));
    secure = await LoopbackReceiver.start(await old.issueServer({ commonName: "receiver" }));
    const error = await failureOf(postTo(`https://127.0.0.1:${secure.port}/`, trusting(old.certificate)));
    expect(error).toMatchObject({ code: "BadCertificate", retry: {} });
  });

  it("a receiver that does not encrypt is refused", async () => {
    secure = await LoopbackReceiver.start();
    const error = await failureOf(postTo(`https://127.0.0.1:${secure.port}/`));
    expect(error).toMatchObject({ code: "BadCertificate", retry: "never" });
  });

  it.each(["not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])(
    "%j as authority is refused before anything is sent",
    async (pem) => {
      secure = await LoopbackReceiver.start(await authority.issueServer({ commonName: "receiver" }));
      const error = await failureOf(postTo(`https://127.0.0.1:${secure.port}/`, trusting(pem)));
      expect(error).toMatchObject({ code: "MissingCredential", retry: "never", field: 'Secret key "ca.crt"' });
    },
  );

  describe("through a proxy", () => {
    let proxy: LoopbackProxy;
    beforeEach(async () => {
      secure = await LoopbackReceiver.start(await authority.issueServer({ commonName: "receiver" }));
      proxy = await LoopbackProxy.startBefore(secure.port);
    });
    afterEach(() => proxy.stop());

    // A name that only the proxy knows, and that the certificate is for.
    const url = "https://kubernetes.default.svc/in";

    it("the receiver is reached, and it is the receiver's certificate that counts", async () => {
      const proxies = { https: proxy.url.replace("http://", "http://me:marked@") };
      const answer = await postTo(url, trusting(authority.certificate), io({ proxies }));
      expect(answer.status).toBe(200);
      expect(proxy.targets).toEqual(["kubernetes.default.svc:443"]);
      expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("me:marked").toString("base64")}`]);
    });

    it("that wants to know who we are, its address is named, but not its password", async () => {
      proxy.status = 407;
      const proxies = { https: proxy.url.replace("http://", "http://me:marked@") };
      const error = await failureOf(postTo(url, none, io({ proxies })));
      expect(error).toMatchObject({ code: "Unauthorized", retry: "never", field: "HTTPS_PROXY" });
      expect(JSON.stringify(error) + error.stack).not.toContain("marked");
    });

    it("that lets nothing through it is Unreachable", async () => {
      proxy.status = 403;
      const error = await failureOf(postTo(url, none, io({ proxies: { https: proxy.url } })));
      expect(error).toMatchObject({ code: "Unreachable", retry: {}, field: "HTTPS_PROXY" });
    });

    it("a certificate for another name is refused", async () => {
      const proxies = { https: proxy.url };
      const error = await failureOf(postTo("https://other.invalid/", trusting(authority.certificate), io({ proxies })));
      expect(error).toMatchObject({ code: "BadCertificate", retry: "never", field: "webhook.url" });
    });

    it("that is not there it is Unreachable", async () => {
      const proxies = { https: proxy.url };
      await proxy.stop();
      const error = await failureOf(postTo(url, none, io({ proxies })));
      expect(error).toMatchObject({ code: "Unreachable", retry: {}, field: "HTTPS_PROXY" });
      proxy = await LoopbackProxy.startBefore(secure.port);
    });

    it("plain HTTP goes through a tunnel too", async () => {
      const plain = await LoopbackProxy.startBefore(receiver.port);
      const answer = await postTo("http://receiver.invalid/in", none, io({ proxies: { http: plain.url } }));
      expect(answer.status).toBe(200);
      expect(plain.targets).toEqual(["receiver.invalid:80"]);
      await plain.stop();
    });
  });
});
