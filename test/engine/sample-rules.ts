import { z } from "zod";
import { defineInventoryRule, defineRule, type Rule } from "../../src/engine/rule.ts";
import {
  isEmptySelector,
  readLabelSelector,
  readMapSelector,
  selectsPods,
} from "../../src/engine/values/label-selector.ts";
import { quantityParam, releaseParam } from "../../src/engine/values/rule-params.ts";
import { textAt, valueAt } from "../../src/engine/views/fields.ts";
import { path } from "../../src/engine/views/path.ts";

/** Small rules for tests of the engine: each shows one thing that a rule may do. */

const texts = { why: "Something breaks.", fix: "Mend it.", references: [] };
const noParams = z.strictObject({});

export const memoryLimit = defineRule({
  ...texts,
  id: "memory-limit",
  revision: 1,
  title: "Memory limit",
  category: "resources",
  severity: "High",
  kinds: "workloads",
  packs: { recommended: {}, strict: { max: "4Gi" } },
  params: z.strictObject({ max: quantityParam.optional() }),
  messages: {
    missing: "Container {container} has no memory limit",
    given: "Container {container} has a limit of {limit}",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const limit = container.resources.limit("memory");
      const at = container.at("resources", "limits", "memory");
      if (limit === undefined) report("missing", { path: at, data: { container: container.name }, value: "none" });
      else if (params.max !== undefined && params.max !== limit.text)
        report("given", { path: at, data: { container: container.name, limit: limit.text }, value: limit.text });
    }
  },
});

export const allowedRegistries = defineRule({
  ...texts,
  id: "allowed-registries",
  revision: 2,
  title: "Images come from allowed registries",
  category: "images",
  severity: "Medium",
  kinds: "workloads",
  packs: {},
  params: z.strictObject({ registries: z.array(z.string()).min(1) }),
  messages: { other: "Image {image} comes from another registry" },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const image = container.image ?? "";
      if (params.registries.some((registry) => image.startsWith(`${registry}/`))) continue;
      const repository = image.replace(/[:@].*$/, "");
      report("other", { path: container.at("image"), data: { image }, class: repository, value: image });
    }
  },
});

export const noHostNetwork = defineRule({
  ...texts,
  id: "no-host-network",
  revision: 1,
  title: "No host network",
  category: "host",
  severity: "Critical",
  kinds: "workloads",
  packs: { "pss-baseline": {}, "pss-restricted": {} },
  params: noParams,
  messages: { shared: "The Pod shares the node's network" },
  check({ resource, report }) {
    if (valueAt(resource.podSpec?.fields, "hostNetwork") === true) report("shared", { path: "hostNetwork", data: {} });
  },
});

export const livenessProbe = defineRule({
  ...texts,
  id: "liveness-probe",
  revision: 1,
  title: "Liveness probe",
  category: "probes",
  severity: "Low",
  kinds: "longRunning",
  packs: { reliability: {} },
  params: noParams,
  messages: { missing: "Container {container} has no liveness probe" },
  check({ resource, report }) {
    for (const container of resource.podSpec?.run ?? [])
      if (container.probe("livenessProbe") === undefined)
        report("missing", { path: container.at("livenessProbe"), data: { container: container.name } });
  },
});

/** For any kind in scope. */
export const ownerLabel = defineRule({
  ...texts,
  id: "owner-label",
  revision: 1,
  title: "Has an owner",
  category: "metadata",
  severity: "Low",
  kinds: "any",
  packs: { strict: {} },
  params: z.strictObject({ key: z.string().default("owner") }),
  messages: { missing: "Label {key} is missing" },
  check({ resource, params, report }) {
    if (!resource.labels.has(params.key))
      report("missing", { path: path("metadata", "labels"), data: { key: params.key } });
  },
});

/** Throws on whatever asks for it. */
export const fragile = defineRule({
  ...texts,
  id: "fragile",
  revision: 1,
  title: "Does not break",
  category: "metadata",
  severity: "Low",
  kinds: ["ConfigMap"],
  packs: {},
  params: noParams,
  messages: { small: "Has no data" },
  check({ resource, report }) {
    if (valueAt(resource.object, "data") === undefined) report("small", { path: "data", data: {} });
    if (resource.labels.has("break"))
      throw new TypeError(`cannot read ${resource.labels.get("break")}\nat a place in the code`);
  },
});

export const cpuLimit = defineRule({
  ...texts,
  id: "cpu-limit",
  revision: 1,
  title: "CPU limit",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  packs: { nsa: {} },
  conflictsWith: ["no-cpu-limit"],
  params: noParams,
  messages: {},
  check() {},
});

export const noCpuLimit = defineRule({
  ...texts,
  id: "no-cpu-limit",
  revision: 1,
  title: "No CPU limit",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  packs: { eks: {} },
  params: noParams,
  messages: {},
  check() {},
});

export const noProbeHost = defineRule({
  ...texts,
  id: "no-probe-host",
  revision: 1,
  title: "No probe host",
  category: "probes",
  severity: "High",
  kinds: "workloads",
  packs: { "pss-baseline": [{ from: "1.34" }], "pss-restricted": [{ from: "1.34" }], strict: {} },
  params: noParams,
  messages: {},
  check() {},
});

export const noUnconfinedSeccomp = defineRule({
  ...texts,
  id: "no-unconfined-seccomp",
  revision: 1,
  title: "No unconfined seccomp",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  packs: { "pss-baseline": {}, "pss-restricted": [{ to: "1.18" }] },
  params: z.strictObject({ release: releaseParam.optional() }),
  messages: {},
  check() {},
});

export const allowedCapabilities = defineRule({
  ...texts,
  id: "allowed-capabilities",
  revision: 1,
  title: "Allowed capabilities",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  packs: {
    "pss-baseline": {},
    "pss-restricted": [{ to: "1.21" }, { from: "1.22", params: { allowed: ["NET_BIND_SERVICE"] } }],
  },
  params: z.strictObject({ allowed: z.array(z.string()).optional() }),
  messages: {},
  check() {},
});

export const noTokenSecret = defineRule({
  ...texts,
  id: "no-token-secret",
  revision: 1,
  title: "No token Secret",
  category: "secrets",
  severity: "Medium",
  kinds: ["Secret"],
  packs: { secrets: {} },
  params: noParams,
  messages: {},
  check() {},
});

export const replicasWritten = defineRule({
  ...texts,
  id: "replicas-written",
  revision: 1,
  title: "Replicas are written",
  category: "availability",
  severity: "Low",
  kinds: ["Deployment.apps"],
  manifestsOnly: true,
  packs: { argo: {} },
  params: noParams,
  messages: { missing: "Has no replicas" },
  check({ resource, report }) {
    if (valueAt(resource.object, "spec", "replicas") === undefined)
      report("missing", { path: "spec.replicas", data: {} });
  },
});

/** An absence: needs every ServiceAccount. */
export const serviceAccountExists = defineInventoryRule({
  ...texts,
  id: "service-account-exists",
  revision: 1,
  title: "Service account exists",
  category: "references",
  severity: "High",
  kinds: "workloads",
  packs: { rbac: {} },
  params: z.strictObject({ ignore: z.array(z.string()).default([]) }),
  messages: { missing: "Service account {name} does not exist" },
  reads: ["ServiceAccount"],
  collect({ resource, params }) {
    const name = resource.podSpec?.serviceAccountName ?? "default";
    return name === "default" || params.ignore.includes(name) ? undefined : { name };
  },
  check({ id, subject, inventory, report }) {
    if (subject.name === "break") throw new RangeError("no such account");
    if (inventory.get("ServiceAccount", id.namespace, subject.name) === undefined)
      report("missing", { path: "serviceAccountName", data: { name: subject.name }, value: subject.name });
  },
});

/** The other direction: judged on the Service, reads workloads. */
export const serviceTarget = defineInventoryRule({
  ...texts,
  id: "service-target",
  revision: 1,
  title: "Service selects something",
  category: "network",
  severity: "High",
  kinds: ["Service"],
  packs: { network: {} },
  params: noParams,
  messages: { nothing: "Selects no workload" },
  reads: ["workloads"],
  collect({ resource }) {
    return readMapSelector(valueAt(resource.object, "spec", "selector"));
  },
  check({ id, subject, inventory, report }) {
    if (!inventory.workloads(id.namespace).some((workload) => selectsPods(subject, workload)))
      report("nothing", { path: "spec.selector", data: {} });
  },
});

/** Any number of copies of one pod-level violation under one path: the value class alone tells them apart. */
export const noEmptySelector = defineRule({
  ...texts,
  id: "no-empty-selector",
  revision: 1,
  title: "Selects by something",
  category: "network",
  severity: "Low",
  kinds: ["NetworkPolicy.networking.k8s.io"],
  packs: { network: {} },
  params: noParams,
  messages: { everything: "Selects {what}" },
  check({ resource, report }) {
    const selector = readLabelSelector(valueAt(resource.object, "spec", "podSelector"));
    if (selector !== undefined && isEmptySelector(selector))
      report("everything", { path: "spec.podSelector", data: { what: textAt(resource.object, "kind") ?? "" } });
  },
});

/** Reads another namespace, which the object names; `*` stands for all. */
export const borrows = defineInventoryRule({
  ...texts,
  id: "borrows",
  revision: 1,
  title: "Borrows an account",
  category: "references",
  severity: "Low",
  kinds: ["ConfigMap"],
  packs: { reliability: {} },
  params: noParams,
  messages: { nothing: "Nothing to borrow" },
  reads: ["ServiceAccount"],
  collect({ resource }) {
    return textAt(resource.object, "data", "from");
  },
  elsewhere(from) {
    return from === "*" ? "all" : [from];
  },
  check({ subject, inventory, report }) {
    const found = subject === "*" ? inventory.all("ServiceAccount") : inventory.list("ServiceAccount", subject);
    if (found.length === 0) report("nothing", { path: "data", data: {} });
  },
});

export const sampleRules: readonly Rule[] = [
  memoryLimit,
  allowedRegistries,
  noHostNetwork,
  livenessProbe,
  ownerLabel,
  fragile,
  cpuLimit,
  noCpuLimit,
  noProbeHost,
  noUnconfinedSeccomp,
  allowedCapabilities,
  noTokenSecret,
  replicasWritten,
  serviceAccountExists,
  serviceTarget,
  noEmptySelector,
];
