import { dump } from "js-yaml";
import { category, group, version } from "../../src/api/group.ts";
import type { KindDefinition } from "../../src/api/kind-definition.ts";
import { kinds } from "../../src/api/kinds.ts";
import { type Generator, notice } from "./generator.ts";
import { kustomization } from "./kustomization.ts";
import { structuralSchema } from "./structural-schema.ts";

/** One CustomResourceDefinition per kind, in `crds/`. */
export const crds: Generator = {
  name: "crds",
  outputs: async () =>
    new Map([
      ...kinds.map((definition) => [`crds/${fileOf(definition)}`, renderCrd(definition)] as const),
      // Without an ending, so that `kubectl apply -f crds` passes it by.
      ["crds/Kustomization", kustomization("crds", kinds.map(fileOf))],
    ]),
};

function fileOf({ plural }: KindDefinition): string {
  return `${group}_${plural}.yaml`;
}

function renderCrd(definition: KindDefinition): string {
  const body = dump(customResourceDefinition(definition), { lineWidth: 120, noRefs: true, sortKeys: true });
  return `# ${notice("crds", "src/api")}\n${body}`;
}

function customResourceDefinition(definition: KindDefinition): object {
  const { kind, plural, singular, shortNames, scope, inCategory, statusSubresource } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { "app.kubernetes.io/name": "pawl" } },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(shortNames.length > 0 && { shortNames }),
        ...(inCategory && { categories: [category] }),
      },
      scope,
      // What the API server would fill in: said here, so that delivery tools see no difference.
      conversion: { strategy: "None" },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...(statusSubresource && { subresources: { status: {} } }),
          additionalPrinterColumns: definition.columns.map(({ wide, ...column }) => ({
            ...column,
            ...(wide === true && { priority: 1 }),
          })),
          ...(definition.selectableFields.length > 0 && {
            selectableFields: definition.selectableFields.map((jsonPath) => ({ jsonPath })),
          }),
          schema: { openAPIV3Schema: structuralSchema(definition.schema) },
        },
      ],
    },
  };
}
