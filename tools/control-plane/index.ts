/** A real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager) for demo and tests. */
export { type ApiAccess, ApiClient, type ApiRequestOptions, ApiStatusError } from "./api-client.ts";
export { type Binaries, BinariesUnavailableError, type BinaryName } from "./binaries.ts";
export type { AuditPolicy } from "./components.ts";
export {
  type ControlPlane,
  type ControlPlaneOptions,
  type ServiceAccountKubeconfigOptions,
  startControlPlane,
} from "./control-plane.ts";
export { type FoundBinaries, findBinaries } from "./find-binaries.ts";
export { type Part, PartFailedError, type PartName } from "./part.ts";
export type { Say } from "./progress.ts";
export { DEFAULT_KUBERNETES_VERSION, UnsupportedVersionError } from "./version.ts";
