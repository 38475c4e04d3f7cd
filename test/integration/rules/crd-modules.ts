import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { GoBuildError, go } from "../../../tools/control-plane/go-build.ts";
import type { Say } from "../../../tools/control-plane/index.ts";
import type { Definition } from "./definitions.ts";

/** A Go module that carries the CustomResourceDefinitions of its project. */
interface CrdModule {
  readonly path: string;
  readonly version: string;
  /** Of the module's contents, as go.sum has it. */
  readonly sum: string;
  readonly files: readonly string[];
}

/** Versions whose go.mod asks for no Go above 1.24: the Go at hand is not replaced. */
const crdModules: readonly CrdModule[] = [
  {
    path: "github.com/argoproj/argo-cd/v3",
    version: "v3.1.9",
    sum: "h1:9P9vJKo1RGWu6mtQnGu61r+0h3XKlA2j3kVhwogUQ/0=",
    files: ["application", "applicationset", "appproject"].map((kind) => `manifests/crds/${kind}-crd.yaml`),
  },
  {
    path: "github.com/argoproj/argo-rollouts",
    version: "v1.8.3",
    sum: "h1:blbtQva4IK9r6gFh+dWkCrLnFdPOWiv9ubQYu36qeaA=",
    files: ["manifests/crds/rollout-crd.yaml"],
  },
  {
    path: "github.com/argoproj/argo-workflows/v3",
    version: "v3.7.4",
    sum: "h1:oA/DxaSsjb6fMYaygf7JVQgnsF+ZzlfUPy5kIfLsCic=",
    // The definitions that clusters mostly have are the minimal ones, which keep whatever an object holds.
    files: ["clusterworkflowtemplates", "cronworkflows", "workflows", "workflowtemplates"].map(
      (plural) => `manifests/base/crds/full/argoproj.io_${plural}.yaml`,
    ),
  },
  {
    path: "github.com/cilium/cilium",
    version: "v1.18.2",
    sum: "h1:ZqxNBoVLMYbJIYiKXWXna5kxd4XiE9IRww9vdaKJZoo=",
    files: ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"].map(
      (plural) => `pkg/k8s/apis/cilium.io/client/crds/v2/${plural}.yaml`,
    ),
  },
  {
    path: "github.com/kedacore/keda/v2",
    version: "v2.18.0",
    sum: "h1:ttR223fii/4QJ0YvtrhcWHaEoezByb/t5CeFopjl6EI=",
    files: ["config/crd/bases/keda.sh_scaledobjects.yaml"],
  },
  {
    path: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
    files: ["servicemonitors", "podmonitors"].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  {
    path: "knative.dev/serving",
    version: "v0.46.6",
    sum: "h1:jmVF560qnepNBG69VEbNRtknGFwZtGEyR1QSlNuoKmk=",
    files: ["config/core/300-resources/service.yaml"],
  },
  {
    path: "sigs.k8s.io/gateway-api",
    version: "v1.3.0",
    sum: "h1:q6okN+/UKDATola4JY7zXzx40WO4VISk7i9DIfOvr9M=",
    files: ["grpcroutes", "httproutes", "tcproutes", "tlsroutes", "udproutes"].map(
      (plural) => `config/crd/experimental/gateway.networking.k8s.io_${plural}.yaml`,
    ),
  },
];

/**
 * The real definitions of other projects' kinds. Go keeps what it has downloaded, so that only the first run needs the
 * network. Without Go, or where its module proxy does not answer, those of that module are missing, and `say` is told.
 * @throws Error where a module is not what was pinned
 */
export async function moduleDefinitions(say: Say): Promise<readonly Definition[]> {
  const ofModules = await Promise.all(crdModules.map((module) => definitionsOf(module, say)));
  return ofModules.flat();
}

async function definitionsOf(module: CrdModule, say: Say): Promise<readonly Definition[]> {
  const folder = await download(module).catch((error: unknown) => {
    if (!(error instanceof GoBuildError)) throw error;
    say(`${module.path} ${module.version} cannot be had: ${error.message}`);
    return undefined;
  });
  if (folder === undefined) return [];
  return module.files.flatMap((file) => {
    const documents = loadAll(readFileSync(join(folder, file), "utf8"));
    return documents.filter((one) => one !== null) as Definition[];
  });
}

const Downloaded = z.looseObject({ Dir: z.string(), Sum: z.string() });

async function download({ path, version, sum }: CrdModule): Promise<string> {
  // The checksum is compared here, so that no checksum database has to be within reach.
  const env = { ...process.env, GOSUMDB: "off", GOFLAGS: "-mod=mod" };
  const said = await go(["mod", "download", "-json", `${path}@${version}`], tmpdir(), env, (line) =>
    line.startsWith("go: "),
  );
  const { Dir: folder, Sum: found } = Downloaded.parse(JSON.parse(said.join("\n")));
  if (found !== sum) throw new Error(`${path} ${version} has the checksum ${found}, not ${sum} as pinned`);
  return folder;
}
