import { join } from "node:path";

/** The repository's root; commands shown to the reader are relative to it. */
export const root = join(import.meta.dirname, "..", "..");

const folder = "tools/demo/manifests";

/** What the demo applies, as paths below the root. */
export const manifests = {
  namespaces: `${folder}/namespaces.yaml`,
  payments: `${folder}/payments.yaml`,
  shop: `${folder}/shop.yaml`,
  shopByArgoCd: `${folder}/shop-argocd.yaml`,
  legacy: `${folder}/legacy.yaml`,
  policy: `${folder}/policy.yaml`,
  newDeployment: `${folder}/recommendations.yaml`,
  fixedDeployment: `${folder}/search-fixed.yaml`,
} as const;

/** Name of the Policy in `policy.yaml`, and so of its reports. */
export const policyName = "production";
