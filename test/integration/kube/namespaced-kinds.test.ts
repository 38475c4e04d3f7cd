import { expect, test } from "vitest";
import type { KindName } from "../../../src/engine/resource.ts";
import { isBuiltInNamespaced } from "../../../src/engine/values/namespaced-kinds.ts";
import { discover } from "../../../src/kube/discovery.ts";
import { request } from "../cluster.ts";
import { connect } from "./real-cluster.ts";

interface Crds {
  readonly items: readonly { readonly spec: { readonly group: string } }[];
}

test("the table of built-in kinds with a namespace agrees with the API server, kind by kind", async () => {
  await using connection = await connect();
  const { types } = await discover(connection.client);
  const { items } = await request<Crds>("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
  const custom = new Set(items.map(({ spec }) => spec.group));
  const builtIn = [...types].filter(([, { group, verbs }]) => !custom.has(group) && verbs.includes("list"));

  expect(builtIn.length).toBeGreaterThan(50);
  expect(builtIn.filter(([, { namespaced }]) => namespaced).map(([name]) => name)).toEqual(
    builtIn.map(([name]) => name).filter((name) => isBuiltInNamespaced(name as KindName)),
  );
});
