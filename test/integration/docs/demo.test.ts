import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_KUBERNETES_VERSION } from "../../../tools/control-plane/index.ts";
import { refreshExcerpts } from "../../docs/demo-excerpts.ts";
import { cluster } from "../cluster.ts";
import { RunningDemo } from "../demo/run-demo.ts";

const readme = join(import.meta.dirname, "../../../README.md");

/** The transcript of a whole run. */
async function transcriptOfDemo(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pawl-transcript-"));
  const file = join(folder, "transcript.txt");
  try {
    await using demo = new RunningDemo(["--once", `--transcript=${file}`]);
    expect(await demo.ended(), demo.output).toBe(0);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Another release has other roles and bindings of its own, which are counted too. And a minute after its Policy the demo would
// show more, because rules that need siblings join: a machine that was so busy gets a second chance.
test.skipIf(cluster.version !== DEFAULT_KUBERNETES_VERSION)(
  "the README shows what the demo shows",
  { retry: 1 },
  async () => {
    await expect(refreshExcerpts(readFileSync(readme, "utf8"), await transcriptOfDemo())).toMatchFileSnapshot(readme);
  },
);
