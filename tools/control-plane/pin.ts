import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { go } from "./go-build.ts";
import { type Say, withProgress } from "./progress.ts";
import { MODULES_DIR, UnsupportedVersionError } from "./version.ts";

/** The parts of `go mod edit -json` that are read here. */
interface GoMod {
  readonly Go: string;
  readonly GoDebug: readonly { readonly Key: string; readonly Value: string }[];
  readonly Require: readonly { readonly Path: string; readonly Version: string }[];
}

const COMMANDS = ["kube-apiserver", "kube-controller-manager", "kubectl"];

/**
 * Writes `modules/kubernetes-<version>/` with a go.mod and go.sum from which that version can be built, and resolves
 * with the folder. It is for maintainers: the result is committed, a build never resolves versions itself.
 */
export async function pinKubernetes(version: string, env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  if (!/^1\.\d+\.\d+$/.test(version)) throw new UnsupportedVersionError(`"${version}" is not a version like 1.36.3`);
  const draft = mkdtempSync(join(tmpdir(), "pawl-pin-"));
  try {
    await withProgress(say, `pinning Kubernetes ${version}`, async (step) => {
      // Alone it cannot be resolved: the staging modules that it requires at v0.0.0 do not exist.
      writeFileSync(join(draft, "go.mod"), goMod("1.24", [], version, []));
      const { GoMod: file } = await goJson<{ GoMod: string }>(
        ["mod", "download", "-json", `k8s.io/kubernetes@v${version}`],
        draft,
        env,
      );
      const original = await goJson<GoMod>(["mod", "edit", "-json", file], draft, env);
      const staging = original.Require.filter(({ Version }) => Version === "v0.0.0").map(({ Path }) => Path);
      const godebug = original.GoDebug.map(({ Key, Value }) => `${Key}=${Value}`);
      writeFileSync(join(draft, "go.mod"), goMod(original.Go, godebug, version, staging.sort()));
      step("resolving modules");
      await go(["mod", "tidy"], draft, env, (line) => line.startsWith("go: "));
    });
    const dir = join(MODULES_DIR, `kubernetes-${version}`);
    mkdirSync(dir, { recursive: true });
    for (const file of ["go.mod", "go.sum"]) copyFileSync(join(draft, file), join(dir, file));
    return dir;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function goMod(goVersion: string, godebug: readonly string[], version: string, staging: readonly string[]): string {
  const stagingVersion = `v0${version.slice(1)}`;
  return [
    "module pawl.dev/tools/control-plane/kubernetes",
    `go ${goVersion}`,
    ...godebug.map((setting) => `godebug ${setting}`),
    ["tool (", ...COMMANDS.map((command) => `\tk8s.io/kubernetes/cmd/${command}`), ")"].join("\n"),
    `require k8s.io/kubernetes v${version}`,
    ["replace (", ...staging.map((path) => `\t${path} => ${path} ${stagingVersion}`), ")"].join("\n"),
    "",
  ].join("\n\n");
}

async function goJson<T>(args: readonly string[], dir: string, env: NodeJS.ProcessEnv): Promise<T> {
  const lines = await go(args, dir, env, (line) => line.startsWith("go: "));
  return JSON.parse(lines.join("\n")) as T;
}
