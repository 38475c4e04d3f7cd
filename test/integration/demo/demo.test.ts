import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../../tools/control-plane/certificates.ts";
import { expectations } from "../../../tools/demo/expectations.ts";
import { LoopbackMailServer } from "../../notify/sinks/loopback-mail-server.ts";
import { RunningDemo } from "./run-demo.ts";

describe("the demo, with the operator", () => {
  const folder = mkdtempSync(join(tmpdir(), "pawl-transcript-"));
  const transcriptFile = join(folder, "transcript.txt");
  let mailServer: LoopbackMailServer;
  let demo: RunningDemo;

  beforeAll(async () => {
    mailServer = await LoopbackMailServer.start({
      keyPair: await (await createAuthority()).issueServer({ commonName: "mail" }),
    });
    demo = new RunningDemo(["--once", `--transcript=${transcriptFile}`], {
      SMTP: `smtp://127.0.0.1:${mailServer.port}/?from=pawl@example.com&to=team@example.com&tls=None`,
    });
    await demo.ended();
  });

  afterAll(async () => {
    await demo[Symbol.asyncDispose]();
    await mailServer.stop();
    rmSync(folder, { recursive: true });
  });

  test("sees all that it promises", async () => {
    expect(await demo.ended(), demo.output).toBe(0);
    for (const expectation of Object.values(expectations)) expect(demo.output).toContain(`✓ ${expectation}\n`);
  });

  test("mails the digest once, as SMTP in the environment asks", () => {
    expect(demo.output).toContain("Sent as email to 1 recipient.");
    expect(mailServer.received).toMatchObject([
      { from: "pawl@example.com", to: ["team@example.com"], mail: { subject: expect.stringMatching(/^demo: /) } },
    ]);
    const [{ mail } = {}] = mailServer.received;
    expect(mail?.text).toContain("Deployment.apps/recommendations");
    expect(mail?.html).toContain("Deployment.apps/recommendations");
  });

  test("writes no colours where there is no terminal", () => {
    expect(demo.output.includes("\u001b")).toBe(false);
  });

  test("leaves no file and no process behind", async () => {
    expect(demo.leftFiles()).toEqual([]);
    expect(await demo.leftProcesses()).toEqual([]);
  });

  test("writes a transcript of the commands and tables, without what belongs to one run only", () => {
    const transcript = readFileSync(transcriptFile, "utf8");
    for (const command of ["kubectl get ppol", "kubectl get scanreports -A", "kubectl get events -A"])
      expect(transcript).toContain(`$ ${command}`);
    expect(transcript).not.toMatch(/127\.0\.0\.1:(?!808[01]\b)\d+|\/tmp\/|\d{4}-\d\d-\d\dT|(^|\s)\d+s(\s|$)/m);
  });
});
