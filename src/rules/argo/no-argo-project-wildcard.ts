import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { recordsAt, textAt, textsAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-argo-project-wildcard",
  revision: 1,
  title: "Argo CD projects name what they allow",
  category: "argo",
  severity: "High",
  kinds: ["AppProject.argoproj.io"],
  why: "A project is what keeps one team's Applications from another's namespaces. With a wildcard, whoever may edit an Application in it deploys from any repository, to any cluster, or gives himself any right.",
  fix: "Name the repositories, the destinations with their namespaces, and the cluster-scoped kinds that the project needs.",
  packs: { argo: {} },
  references: ["https://argo-cd.readthedocs.io/en/stable/user-guide/projects/"],
  params: z.strictObject({}),
  messages: {
    sourceRepos: "The project takes manifests from any repository",
    destinations: "The project deploys to any namespace of any cluster",
    clusterResourceWhitelist: "The project may deploy every cluster-scoped kind",
  },
  check({ resource: { object }, report }) {
    const isAny = (of: unknown, field: string) => textAt(of, field) === "*";
    const wildcards = {
      sourceRepos: textsAt(object, "spec", "sourceRepos").includes("*"),
      destinations: recordsAt(object, "spec", "destinations").some(
        (one) => (isAny(one, "server") || isAny(one, "name")) && isAny(one, "namespace"),
      ),
      clusterResourceWhitelist: recordsAt(object, "spec", "clusterResourceWhitelist").some(
        (one) => isAny(one, "group") && isAny(one, "kind"),
      ),
    };
    for (const field of ["sourceRepos", "destinations", "clusterResourceWhitelist"] as const)
      if (wildcards[field]) report(field, { path: path("spec", field), class: field, data: {}, value: "*" });
  },
});
