import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/engine/compile-policy.ts";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { createRegistry, findPack } from "../../src/engine/registry.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { type KubeObject, parseKindName } from "../../src/engine/resource.ts";
import { templatePath, workloadKinds } from "../../src/engine/views/workload-kinds.ts";
import { rules } from "../../src/rules/index.generated.ts";

/**
 * The two packs against what the checks of Kubernetes' own Pod Security admission ask, release by release. Each case adds
 * one thing to a Pod that both levels take in every release, and says which rule finds it in which releases.
 */

const registry = createRegistry(rules);
const levels = ["pss-baseline", "pss-restricted"] as const;
const minors = Array.from({ length: newestRelease.minor + 1 }, (_, minor) => minor);

type Fields = Readonly<Record<string, unknown>>;

interface Case {
  readonly shows: string;
  /** Merged into the Pod's spec, its security context and its annotations. */
  readonly spec?: Fields;
  readonly pod?: Fields;
  readonly annotations?: Fields;
  /** Merged into one container and its security context; tried in each of the three lists. */
  readonly container?: Fields;
  readonly context?: Fields;
  /** `rule 1.19–1.37`, sorted. */
  readonly baseline?: readonly string[];
  readonly restricted?: readonly string[];
}

const always = (rule: string) => ({ baseline: [`${rule} 1.0–1.37`], restricted: [`${rule} 1.0–1.37`] });
const restrictedOnly = (spans: string) => ({ restricted: [spans] });
const windows = { os: { name: "windows" } };
const userNamespace = { hostUsers: false };
const seccomp = "seccomp.security.alpha.kubernetes.io/pod";
const containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/app";
const appArmor = "container.apparmor.security.beta.kubernetes.io/app";

const cases: readonly Case[] = [
  { shows: "nothing" },
  { shows: "a privileged container", context: { privileged: true }, ...always("no-privileged") },
  { shows: "a container that is not privileged", context: { privileged: false } },
  { shows: "the host's network", spec: { hostNetwork: true }, ...always("no-host-network") },
  { shows: "the host's processes", spec: { hostPID: true }, ...always("no-host-pid") },
  { shows: "the host's memory", spec: { hostIPC: true }, ...always("no-host-ipc") },
  { shows: "no namespace of the host", spec: { hostNetwork: false, hostPID: false, hostIPC: false } },
  { shows: "a host port", container: { ports: [{ containerPort: 80, hostPort: 80 }] }, ...always("no-host-port") },
  { shows: "the host port 0", container: { ports: [{ containerPort: 80, hostPort: 0 }] } },

  {
    shows: "a Windows host process by pod",
    pod: { windowsOptions: { hostProcess: true } },
    ...always("no-host-process"),
  },
  {
    shows: "a Windows host process by container",
    context: { windowsOptions: { hostProcess: true } },
    ...always("no-host-process"),
  },
  { shows: "an ordinary Windows process", context: { windowsOptions: { hostProcess: false } } },

  {
    shows: "an unconfined AppArmor profile by pod",
    pod: { appArmorProfile: { type: "Unconfined" } },
    ...always("apparmor-profile"),
  },
  { shows: "an AppArmor profile without type", context: { appArmorProfile: {} }, ...always("apparmor-profile") },
  { shows: "an AppArmor profile of the node", context: { appArmorProfile: { type: "Localhost" } } },
  {
    shows: "an unconfined AppArmor annotation",
    annotations: { [appArmor]: "unconfined" },
    ...always("apparmor-profile"),
  },
  {
    shows: "an AppArmor annotation for nobody",
    annotations: { [`${appArmor}-2`]: "custom" },
    ...always("apparmor-profile"),
  },
  { shows: "a confining AppArmor annotation", annotations: { [appArmor]: "localhost/app" } },
  { shows: "an empty AppArmor annotation", annotations: { [appArmor]: "" } },

  { shows: "an SELinux type by pod", pod: { seLinuxOptions: { type: "spc_t" } }, ...always("selinux-options") },
  { shows: "an SELinux user", context: { seLinuxOptions: { user: "root" } }, ...always("selinux-options") },
  { shows: "an SELinux role", context: { seLinuxOptions: { role: "sysadm_r" } }, ...always("selinux-options") },
  {
    shows: "the SELinux type of virtual machines",
    context: { seLinuxOptions: { type: "container_kvm_t", level: "s0" } },
  },
  {
    shows: "the SELinux type of container engines",
    context: { seLinuxOptions: { type: "container_engine_t" } },
    baseline: ["selinux-options 1.0–1.30"],
    restricted: ["selinux-options 1.0–1.30"],
  },

  ...sysctls("kernel.msgmax"),
  ...sysctls("net/ipv4/tcp_syncookies"),
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"].flatMap((name) =>
    sysctls(name, 0),
  ),
  ...["net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"].flatMap((name) => sysctls(name, 0)),
  ...sysctls("net.ipv4.ip_local_reserved_ports", 27),
  ...["tcp_keepalive_time", "tcp_fin_timeout"].flatMap((name) => sysctls(`net.ipv4.${name}`, 29)),
  ...["tcp_keepalive_intvl", "tcp_keepalive_probes"].flatMap((name) => sysctls(`net.ipv4.${name}`, 29)),
  ...["tcp_rmem", "tcp_wmem"].flatMap((name) => sysctls(`net.ipv4.${name}`, 32)),
  ...["tcp_slow_start_after_idle", "tcp_notsent_lowat"].flatMap((name) => sysctls(`net.ipv4.${name}`, 37)),

  { shows: "an unmasked /proc", context: { procMount: "Unmasked" }, ...always("no-unmasked-proc") },
  { shows: "a masked /proc", context: { procMount: "Default" } },
  {
    shows: "an unmasked /proc in a user namespace",
    spec: userNamespace,
    context: { procMount: "Unmasked" },
    baseline: ["no-unmasked-proc 1.0–1.34"],
    restricted: ["no-unmasked-proc 1.0–1.37"],
  },
  {
    shows: "an unmasked /proc without a user namespace",
    spec: { hostUsers: true },
    context: { procMount: "Unmasked" },
    ...always("no-unmasked-proc"),
  },

  {
    shows: "a capability beyond the usual",
    context: { capabilities: { add: ["NET_RAW"], drop: ["ALL"] } },
    ...always("allowed-capabilities"),
  },
  {
    shows: "a usual capability",
    context: { capabilities: { add: ["CHOWN"], drop: ["ALL"] } },
    ...restrictedOnly("allowed-capabilities 1.22–1.37"),
  },
  { shows: "the capability for low ports", context: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } } },
  {
    shows: "a capability spelled otherwise",
    context: { capabilities: { add: ["CAP_CHOWN"], drop: ["ALL"] } },
    ...always("allowed-capabilities"),
  },
  {
    shows: "capabilities kept",
    context: { capabilities: { drop: ["all"] } },
    ...restrictedOnly("drop-capabilities 1.22–1.37"),
  },
  {
    shows: "capabilities kept on Windows",
    spec: windows,
    context: { capabilities: null },
    ...restrictedOnly("drop-capabilities 1.22–1.24"),
  },

  {
    shows: "an unconfined seccomp profile by pod",
    pod: { seccompProfile: { type: "Unconfined" } },
    baseline: ["no-unconfined-seccomp 1.19–1.37"],
    restricted: ["seccomp-profile 1.19–1.37"],
  },
  {
    shows: "an unconfined seccomp profile by container",
    context: { seccompProfile: { type: "Unconfined" } },
    baseline: ["no-unconfined-seccomp 1.19–1.37"],
    restricted: ["seccomp-profile 1.19–1.37"],
  },
  {
    shows: "a seccomp profile without type",
    context: { seccompProfile: {} },
    baseline: ["no-unconfined-seccomp 1.19–1.37"],
    restricted: ["seccomp-profile 1.19–1.37"],
  },
  { shows: "no seccomp profile", pod: { seccompProfile: null }, ...restrictedOnly("seccomp-profile 1.19–1.37") },
  {
    shows: "no seccomp profile on Windows",
    spec: windows,
    pod: { seccompProfile: null },
    ...restrictedOnly("seccomp-profile 1.19–1.24"),
  },
  { shows: "a seccomp profile of the node", context: { seccompProfile: { type: "Localhost" } } },
  {
    shows: "an unconfined seccomp annotation by pod",
    annotations: { [seccomp]: "unconfined" },
    baseline: ["no-unconfined-seccomp 1.0–1.18"],
    restricted: ["no-unconfined-seccomp 1.0–1.18"],
  },
  {
    shows: "an unconfined seccomp annotation by container",
    annotations: { [containerSeccomp]: "unconfined" },
    baseline: ["no-unconfined-seccomp 1.0–1.18"],
    // From 1.19 the check reads fields alone; up to 1.26 the API server has copied the annotation into the field by then.
    restricted: ["no-unconfined-seccomp 1.0–1.18", "seccomp-profile 1.19–1.26"],
  },
  { shows: "a seccomp annotation for nobody", annotations: { [`${containerSeccomp}-2`]: "unconfined" } },
  { shows: "a confining seccomp annotation", annotations: { [seccomp]: "docker/default" } },

  {
    shows: "a path of the host",
    spec: volumes({ hostPath: { path: "/data" } }),
    baseline: ["no-host-path 1.0–1.37"],
    ...restrictedOnly("allowed-volume-types 1.0–1.37"),
  },
  ...otherVolumes(),
  ...allowedVolumes(),

  ...hosts(),

  { shows: "no ban on root", pod: { runAsNonRoot: null }, ...restrictedOnly("run-as-non-root 1.0–1.37") },
  { shows: "root allowed by pod", pod: { runAsNonRoot: false }, ...restrictedOnly("run-as-non-root 1.0–1.37") },
  {
    shows: "root allowed by container",
    context: { runAsNonRoot: false },
    ...restrictedOnly("run-as-non-root 1.0–1.37"),
  },
  {
    shows: "root allowed in a user namespace",
    spec: userNamespace,
    pod: { runAsNonRoot: false },
    ...restrictedOnly("run-as-non-root 1.0–1.34"),
  },
  { shows: "user 0 by pod", pod: { runAsUser: 0 }, ...restrictedOnly("no-root-user 1.23–1.37") },
  { shows: "user 0 by container", context: { runAsUser: 0 }, ...restrictedOnly("no-root-user 1.23–1.37") },
  {
    shows: "user 0 in a user namespace",
    spec: userNamespace,
    context: { runAsUser: 0 },
    ...restrictedOnly("no-root-user 1.23–1.34"),
  },
  { shows: "user 1", pod: { runAsUser: 1 } },

  {
    shows: "privileges that grow",
    context: { allowPrivilegeEscalation: true },
    ...restrictedOnly("no-privilege-escalation 1.8–1.37"),
  },
  {
    shows: "privileges that may grow",
    context: { allowPrivilegeEscalation: null },
    ...restrictedOnly("no-privilege-escalation 1.8–1.37"),
  },
  {
    shows: "privileges that may grow on Windows",
    spec: windows,
    context: { allowPrivilegeEscalation: null },
    ...restrictedOnly("no-privilege-escalation 1.8–1.24"),
  },
  {
    shows: "privileges that may grow on Linux",
    spec: { os: { name: "linux" } },
    context: { allowPrivilegeEscalation: null },
    ...restrictedOnly("no-privilege-escalation 1.8–1.37"),
  },
];

/** @param safeSince first minor in which the sysctl is safe; none: never */
function sysctls(name: string, safeSince = newestRelease.minor + 1): readonly Case[] {
  const unsafe = safeSince === 0 ? [] : [`no-unsafe-sysctls 1.0–1.${safeSince - 1}`];
  return [
    { shows: `the sysctl ${name}`, pod: { sysctls: [{ name, value: "1" }] }, baseline: unsafe, restricted: unsafe },
  ];
}

function volumes(source: Fields): Fields {
  return { volumes: [{ name: "data", ...source }] };
}

function otherVolumes(): readonly Case[] {
  const types =
    "awsElasticBlockStore azureDisk azureFile cephfs cinder fc flexVolume flocker gcePersistentDisk gitRepo glusterfs iscsi nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";
  return types.split(" ").map((type) => ({
    shows: `a volume of the type ${type}`,
    spec: volumes({ [type]: {} }),
    ...restrictedOnly("allowed-volume-types 1.0–1.37"),
  }));
}

function allowedVolumes(): readonly Case[] {
  const types = "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret";
  const typed = types
    .split(" ")
    .map((type) => ({ shows: `a volume of the type ${type}`, spec: volumes({ [type]: {} }) }));
  return [...typed, { shows: "a volume without source", spec: volumes({}) }];
}

/** A probe or hook that calls another host. */
function hosts(): readonly Case[] {
  const found = { baseline: ["no-probe-host 1.34–1.37"], restricted: ["no-probe-host 1.34–1.37"] };
  return ["httpGet", "tcpSocket"].flatMap((handler) => {
    const other = { [handler]: { port: 80, host: "10.0.0.1" } };
    const own = { [handler]: { port: 80, host: "" } };
    const probes = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((field): Case[] => [
      { shows: `a ${field} by ${handler} to another host`, container: { [field]: other }, ...found },
      { shows: `a ${field} by ${handler} to the Pod`, container: { [field]: own } },
    ]);
    const hooks = ["postStart", "preStop"].map(
      (hook): Case => ({
        shows: `a ${hook} by ${handler} to another host`,
        container: { lifecycle: { [hook]: other } },
        ...found,
      }),
    );
    return [...probes, ...hooks];
  });
}

const lists = ["containers", "initContainers", "ephemeralContainers"] as const;

/** A template that both levels take, with the case added to the container of one list. */
function template({ spec, pod, annotations, container, context }: Case, list: (typeof lists)[number]): Fields {
  const containers = lists.map((one): [string, unknown] => {
    const here = one === list ? { added: container, context } : { added: {}, context: {} };
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      ...here.context,
    };
    return [
      one,
      [
        {
          name: one === "containers" ? "app" : one.toLowerCase(),
          image: "example.com/app",
          ...here.added,
          securityContext,
        },
      ],
    ];
  });
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" }, ...pod };
  return { metadata: { annotations }, spec: { ...spec, securityContext, ...Object.fromEntries(containers) } };
}

function wrap(pod: Fields, kind: string): KubeObject {
  const { group, kind: shortKind } = parseKindName(kind);
  const base = {
    apiVersion: group === "" ? "v1" : `${group}/v1`,
    kind: shortKind,
    metadata: { name: "app", namespace: "shop" },
  };
  if (kind === "Pod") return { ...base, ...pod, metadata: { ...base.metadata, ...(pod.metadata as Fields) } };
  const steps = templatePath(kind) ?? [];
  return { ...base, ...steps.reduceRight<Fields>((inner, step) => ({ [step]: inner }), pod) };
}

const compiled = new Map<string, CompiledPolicy>();

function policyOf(pack: string, minor: number): CompiledPolicy {
  const known = compiled.get(`${pack} ${minor}`);
  if (known !== undefined) return known;
  const spec = { rules: { packs: [pack] } };
  const result = compilePolicy({ metadata: { name: "policy" }, spec }, registry, {
    release: { major: 1, minor },
    manifests: true,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  compiled.set(`${pack} ${minor}`, result.policy);
  return result.policy;
}

/** The rules that a pack finds broken in a cluster of a release, sorted. */
function broken(object: KubeObject, pack: string, minor: number): readonly string[] {
  const policy = policyOf(pack, minor);
  const judged = evaluateResource(object, [policy], { namespaceLabels: () => new Map() });
  const { violations = [], problems = [] } = judged?.verdicts.get(policy.verdictKey) ?? {};
  expect(problems).toEqual([]);
  return [...new Set(violations.map(({ rule }) => rule))].sort();
}

/** `rule 1.0–1.18`, sorted: in which releases each rule is among what `idsAt` gives. */
function spans(idsAt: (minor: number) => readonly string[]): readonly string[] {
  const open = new Map<string, { from: number; to: number }>();
  const closed: string[] = [];
  const text = (id: string, { from, to }: { from: number; to: number }) => `${id} 1.${from}–1.${to}`;
  for (const minor of minors) {
    for (const id of idsAt(minor)) {
      const span = open.get(id);
      if (span?.to === minor - 1) span.to = minor;
      else {
        if (span !== undefined) closed.push(text(id, span));
        open.set(id, { from: minor, to: minor });
      }
    }
  }
  return [...closed, ...[...open].map(([id, span]) => text(id, span))].sort();
}

describe("the levels of the Pod Security Standards", () => {
  it.each([
    [
      "pss-baseline",
      [
        "allowed-capabilities 1.0–1.37",
        "apparmor-profile 1.0–1.37",
        "no-host-ipc 1.0–1.37",
        "no-host-network 1.0–1.37",
        "no-host-path 1.0–1.37",
        "no-host-pid 1.0–1.37",
        "no-host-port 1.0–1.37",
        "no-host-process 1.0–1.37",
        "no-privileged 1.0–1.37",
        "no-probe-host 1.34–1.37",
        "no-unconfined-seccomp 1.0–1.37",
        "no-unmasked-proc 1.0–1.37",
        "no-unsafe-sysctls 1.0–1.37",
        "selinux-options 1.0–1.37",
      ],
    ],
    [
      "pss-restricted",
      [
        "allowed-capabilities 1.0–1.37",
        "allowed-volume-types 1.0–1.37",
        "apparmor-profile 1.0–1.37",
        "drop-capabilities 1.22–1.37",
        "no-host-ipc 1.0–1.37",
        "no-host-network 1.0–1.37",
        "no-host-pid 1.0–1.37",
        "no-host-port 1.0–1.37",
        "no-host-process 1.0–1.37",
        "no-privilege-escalation 1.8–1.37",
        "no-privileged 1.0–1.37",
        "no-probe-host 1.34–1.37",
        "no-root-user 1.23–1.37",
        "no-unconfined-seccomp 1.0–1.18",
        "no-unmasked-proc 1.0–1.37",
        "no-unsafe-sysctls 1.0–1.37",
        "run-as-non-root 1.0–1.37",
        "seccomp-profile 1.19–1.37",
        "selinux-options 1.0–1.37",
      ],
    ],
  ])("%s holds each of its rules in these releases", (level, expected) => {
    const rulesAt = (minor: number) => {
      const pack = findPack(registry, level, { major: 1, minor });
      return pack.ok ? [...pack.rules.keys()] : [];
    };
    expect(spans(rulesAt)).toEqual(expected);
  });

  describe.each(cases.map((one) => [one.shows, one] as const))("judge %s", (_, one) => {
    const places = one.container === undefined && one.context === undefined ? (["containers"] as const) : lists;

    it.each(places)("in %s, release by release", (list) => {
      const pod = wrap(template(one, list), "Pod");
      const actual = levels.map((level) => spans((minor) => broken(pod, level, minor)));
      expect(actual).toEqual([one.baseline ?? [], one.restricted ?? []]);
    });

    it("alike where the release is pinned and where it is the cluster's", () => {
      const pod = wrap(template(one, "containers"), "Pod");
      const actual = levels.map((level) => spans((minor) => broken(pod, `${level}@1.${minor}`, newestRelease.minor)));
      expect(actual).toEqual([one.baseline ?? [], one.restricted ?? []]);
    });

    it("alike in every kind of workload", () => {
      const pod = template(one, "initContainers");
      for (const kind of workloadKinds)
        for (const minor of [0, 18, 24, newestRelease.minor])
          for (const level of levels)
            expect(broken(wrap(pod, kind), level, minor), `${kind} ${level}@1.${minor}`).toEqual(
              broken(wrap(pod, "Pod"), level, minor),
            );
    });
  });
});
