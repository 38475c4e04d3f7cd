import { describe, expect, it } from "vitest";
import { type KubeObject, parseKindName } from "../../src/engine/resource.ts";
import { fieldsAt, valueAt, valueBelow } from "../../src/engine/views/fields.ts";
import { templatePath, workloadKinds } from "../../src/engine/views/workload-kinds.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { type Fixture, judge, readFixtures } from "./harness.ts";

/** Rules whose verdict rests on nothing but the pod spec. */
const podSpecRules = rules.filter(({ kinds, scope }) => kinds === "workloads" && scope === "resource");

describe.each(podSpecRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const fixtures = readFixtures(id).filter(
    ({ objects, kindMatters }) => !kindMatters && objects.some((object) => podTemplate(object) !== undefined),
  );

  it.each(workloadKinds)("gives the same pod spec the same verdict in a %s", (kind) => {
    for (const fixture of fixtures) {
      const objects = fixture.objects.flatMap((object) => podTemplate(object) ?? []);
      const asKind = verdict({ ...fixture, objects: objects.map((template) => wrap(template, kind)) }, kind);
      const asPod = verdict({ ...fixture, objects: objects.map((template) => wrap(template, "Pod")) }, "Pod");
      expect(asKind, fixture.name).toEqual(asPod);
    }
  });

  function verdict(fixture: Fixture, kind: string) {
    const metadata = [...(templatePath(kind) ?? []), "metadata"].join(".");
    return judge(rule, fixture)
      .violations.map(({ path, class: valueClass = "", messageId }) => {
        // What lies beside the pod spec is addressed from the object.
        const place = path.startsWith(`${metadata}.`) ? `metadata${path.slice(metadata.length)}` : path;
        return [place, valueClass, messageId].join(" ");
      })
      .sort();
  }
});

/** Spec, labels and annotations of the Pods that an uncontrolled workload makes. */
function podTemplate(object: KubeObject) {
  const kind = String(object.kind);
  const name = workloadKinds.find((one) => parseKindName(one).kind === kind) ?? "";
  const template = fieldsAt(valueBelow(object, templatePath(name) ?? ["no-workload"]));
  if (template === undefined || valueAt(object, "metadata", "ownerReferences") !== undefined) return undefined;
  const { labels, annotations } = fieldsAt(template, "metadata") ?? {};
  return { metadata: { labels, annotations }, spec: template.spec };
}

function wrap(template: KubeObject, kind: string): KubeObject {
  const { group, kind: shortKind } = parseKindName(kind);
  const base = { apiVersion: group === "" ? "v1" : `${group}/v1`, kind: shortKind, metadata: { name: "same" } };
  if (kind === "Pod")
    return { ...base, metadata: { ...fieldsAt(template, "metadata"), name: "same" }, spec: template.spec };
  const steps = templatePath(kind) ?? [];
  return { ...base, ...steps.reduceRight<KubeObject>((inner, step) => ({ [step]: inner }), template) };
}
