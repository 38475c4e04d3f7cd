import type { FieldProblem } from "../../src/api/field-problem.ts";

/** A spec that a user could write, and what becomes of it: said once, asked of our parser and of the API server. */
export interface BadSpec {
  readonly because: string;
  readonly spec: unknown;
  /** What our parser answers. */
  readonly problem: FieldProblem;
  /** What the API server answers; absent if it cannot tell, so that only the operator rejects the spec. */
  readonly server?: string;
}

const letters = (count: number) => "a".repeat(count);

export const goodSpecs: readonly { readonly title: string; readonly spec: object }[] = [
  { title: "an empty spec", spec: {} },
  { title: "parts that leave their fields to the defaults", spec: { match: {}, rules: {}, baseline: {}, scan: {} } },
  {
    title: "every field",
    spec: {
      description: "",
      match: {
        namespaces: { include: ["shop-*", "a?"], exclude: ["shop-sandbox"] },
        namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "shop", tier: "" } },
        objectSelector: {
          matchExpressions: [
            { key: "env", operator: "In", values: ["prod"] },
            { key: "legacy", operator: "DoesNotExist" },
          ],
        },
        kinds: ["Deployment.apps", "Pod", "*.argoproj.io"],
        clusterResources: "Include",
      },
      rules: {
        packs: ["recommended", "pss-baseline@1.29"],
        disable: ["cpu-limit"],
        override: [
          {
            id: "allowed-registries",
            severity: "High",
            params: { registries: ["a.example"], deep: { list: [1, null] } },
          },
          { id: "memory-limit", message: "Ask the platform team", helpUrl: "https://handbook.example.com/memory" },
        ],
      },
      baseline: { mode: "Off", settle: "1h30m", newNamespaces: "Adopt" },
      scan: { continuous: false, schedule: "*/15 6-18 * * mon-fri", timeZone: "Europe/Berlin", suspend: true },
    },
  },
  { title: "no time to settle", spec: { baseline: { settle: "0s" } } },
  { title: "the longest time to settle", spec: { baseline: { settle: "720h" } } },
  { title: "a schedule by name", spec: { scan: { schedule: "@daily" } } },
];

export const badSpecs: readonly BadSpec[] = [
  {
    because: "a word that no enum has",
    spec: { baseline: { mode: "Rachet" } },
    problem: { path: "spec.baseline.mode", message: '"Rachet" is not allowed here: write Ratchet, or Off' },
    server: 'spec.baseline.mode: Unsupported value: "Rachet": supported values: "Ratchet", "Off"',
  },
  {
    because: "an unquoted Off, which YAML reads as false",
    spec: { baseline: { mode: false } },
    problem: { path: "spec.baseline.mode", message: "false is not allowed here: write Ratchet, or Off" },
    server: 'spec.baseline.mode: Unsupported value: false: supported values: "Ratchet", "Off"',
  },
  {
    because: "a severity that does not exist",
    spec: { rules: { override: [{ id: "memory-limit", severity: "Severe" }] } },
    problem: {
      path: "spec.rules.override[0].severity",
      message: '"Severe" is not allowed here: write Critical, or High, or Medium, or Low',
    },
    server: 'spec.rules.override[0].severity: Unsupported value: "Severe"',
  },
  {
    because: "days, which no Kubernetes duration knows",
    spec: { baseline: { settle: "25d" } },
    problem: {
      path: "spec.baseline.settle",
      message: '"25d" is not a duration from 0s to 720h: write for example 24h, 90m or 0s',
    },
    server: 'spec.baseline.settle: Invalid value: "25d": is not a duration from 0s to 720h',
  },
  {
    because: "a settle above its limit",
    spec: { baseline: { settle: "43201m" } },
    problem: {
      path: "spec.baseline.settle",
      message: '"43201m" is not a duration from 0s to 720h: write for example 24h, 90m or 0s',
    },
    server: 'spec.baseline.settle: Invalid value: "43201m": is not a duration from 0s to 720h',
  },
  {
    because: "a pattern both included and excluded",
    spec: { match: { namespaces: { include: ["a", "shop-*"], exclude: ["shop-*"] } } },
    problem: {
      path: "spec.match.namespaces",
      message: '"shop-*" stands in include and in exclude, so it selects nothing: remove it from one of them',
    },
    server: 'spec.match.namespaces: Invalid value: "shop-*" stands in include and in exclude',
  },
  {
    because: "a namespace that no namespace can be called",
    spec: { match: { namespaces: { include: ["Shop"] } } },
    problem: {
      path: "spec.match.namespaces.include[0]",
      message:
        "\"Shop\" is not a pattern for namespaces: use lower-case letters, digits and '-', with * for any characters and ? for one",
    },
    server: 'spec.match.namespaces.include[0]: Invalid value: "Shop": is not a pattern for namespaces',
  },
  {
    because: "a resource name in place of a kind",
    spec: { match: { kinds: ["deployments.apps"] } },
    problem: {
      path: "spec.match.kinds[0]",
      message:
        '"deployments.apps" is not a kind: write Kind.group (Deployment.apps), Kind alone for the core group (Pod), or *.group',
    },
    server: 'spec.match.kinds[0]: Invalid value: "deployments.apps": is not a kind',
  },
  {
    because: "every kind of every group",
    spec: { match: { kinds: ["*"] } },
    problem: {
      path: "spec.match.kinds[0]",
      message: '"*" is not a kind: write Kind.group (Deployment.apps), Kind alone for the core group (Pod), or *.group',
    },
    server: 'spec.match.kinds[0]: Invalid value: "*": is not a kind',
  },
  {
    because: "a kind named twice",
    spec: { match: { kinds: ["Pod", "Pod"] } },
    problem: { path: "spec.match.kinds[1]", message: '"Pod" stands here twice: remove one' },
    server: 'spec.match.kinds[1]: Duplicate value: "Pod"',
  },
  {
    because: "an operator that wants values without any",
    spec: { match: { objectSelector: { matchExpressions: [{ key: "env", operator: "NotIn" }] } } },
    problem: {
      path: "spec.match.objectSelector.matchExpressions[0]",
      message: "In and NotIn need values, Exists and DoesNotExist take none: add or remove values",
    },
    server: "spec.match.objectSelector.matchExpressions[0]: Invalid value: In and NotIn need values",
  },
  {
    because: "an operator that takes no values with some",
    spec: { match: { objectSelector: { matchExpressions: [{ key: "env", operator: "Exists", values: ["a"] }] } } },
    problem: {
      path: "spec.match.objectSelector.matchExpressions[0]",
      message: "In and NotIn need values, Exists and DoesNotExist take none: add or remove values",
    },
    server: "spec.match.objectSelector.matchExpressions[0]: Invalid value: In and NotIn need values",
  },
  {
    because: "a label key with a blank",
    spec: { match: { namespaceSelector: { matchLabels: { ok: "a", "not ok": "a" } } } },
    problem: {
      path: "spec.match.namespaceSelector.matchLabels",
      message: '"not ok" is not a label key: write name or prefix/name, such as env or app.kubernetes.io/name',
    },
    server: 'spec.match.namespaceSelector.matchLabels: Invalid value: "not ok" is not a label key',
  },
  {
    because: "a label value with a blank",
    spec: { match: { namespaceSelector: { matchLabels: { env: "not ok" } } } },
    problem: {
      path: "spec.match.namespaceSelector.matchLabels.env",
      message:
        "\"not ok\" is not a label value: use letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
    },
    server: 'spec.match.namespaceSelector.matchLabels[env]: Invalid value: "not ok": is not a label value',
  },
  {
    because: "no pack at all",
    spec: { rules: { packs: [] } },
    problem: { path: "spec.rules.packs", message: "is empty: at least 1 needed" },
    server: "spec.rules.packs in body should have at least 1 items",
  },
  {
    because: "a pack in capitals",
    spec: { rules: { packs: ["Recommended"] } },
    problem: {
      path: "spec.rules.packs[0]",
      message:
        '"Recommended" is not the name of a pack: write for example recommended, or pss-baseline@1.29 to pin a Kubernetes release',
    },
    server: 'spec.rules.packs[0]: Invalid value: "Recommended": is not the name of a pack',
  },
  {
    because: "a rule disabled and overridden",
    spec: {
      rules: {
        disable: ["cpu-limit", "memory-limit"],
        override: [
          { id: "probes", severity: "Low" },
          { id: "memory-limit", severity: "Low" },
        ],
      },
    },
    problem: {
      path: "spec.rules",
      message:
        '"memory-limit" stands in disable and in override, so its override would do nothing: remove it from one of them',
    },
    server: 'spec.rules: Invalid value: "memory-limit" stands in disable and in override',
  },
  {
    because: "an override that changes nothing",
    spec: { rules: { override: [{ id: "memory-limit" }] } },
    problem: {
      path: "spec.rules.override[0]",
      message: "changes nothing: set severity, params, message or helpUrl, or remove the entry",
    },
    server: "spec.rules.override[0]: Invalid value: changes nothing",
  },
  {
    because: "two overrides of one rule",
    spec: {
      rules: {
        override: [
          { id: "memory-limit", severity: "Low" },
          { id: "memory-limit", severity: "High" },
        ],
      },
    },
    problem: { path: "spec.rules.override[1].id", message: '"memory-limit" has an override already: merge the two' },
    server: 'spec.rules.override[1]: Duplicate value: {"id":"memory-limit"}',
  },
  {
    because: "an override without an id",
    spec: { rules: { override: [{ severity: "Low" }] } },
    problem: { path: "spec.rules.override[0].id", message: "is required: add it" },
    server: "spec.rules.override[0].id: Required value",
  },
  {
    because: "a help address that no browser opens",
    spec: { rules: { override: [{ id: "memory-limit", helpUrl: "handbook/memory" }] } },
    problem: {
      path: "spec.rules.override[0].helpUrl",
      message: '"handbook/memory" is not a web address: begin it with https:// or http://',
    },
    server: 'spec.rules.override[0].helpUrl: Invalid value: "handbook/memory": is not a web address',
  },
  {
    because: "more parameters than any rule has",
    spec: {
      rules: {
        override: [
          { id: "memory-limit", params: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`p${i}`, i])) },
        ],
      },
    },
    problem: { path: "spec.rules.override[0].params", message: "has more than 32 parameters: use fewer" },
    server: "spec.rules.override[0].params: Too many: 33: must have at most 32 items",
  },
  {
    because: "a description of more than 1,024 characters",
    spec: { description: letters(1025) },
    problem: { path: "spec.description", message: "has 1025 characters: at most 1024 allowed" },
    server: "spec.description: Too long: may not be more than 1024 bytes",
  },
  {
    because: "more than 200 patterns",
    spec: { match: { namespaces: { include: Array.from({ length: 201 }, (_, i) => `ns-${i}`) } } },
    problem: { path: "spec.match.namespaces.include", message: "has 201 items: at most 200 allowed" },
    server: "spec.match.namespaces.include: Too many: 201: must have at most 200 items",
  },
  {
    because: "a field of the wrong type",
    spec: { scan: { suspend: "yes" } },
    problem: { path: "spec.scan.suspend", message: 'must be true or false, not "yes"' },
    server: 'spec.scan.suspend in body must be of type boolean: "string"',
  },
  {
    because: "a misspelt field",
    spec: { scan: { shedule: "@daily" } },
    problem: { path: "spec.scan.shedule", message: "is not a known field: check its spelling, or remove it" },
    server: 'strict decoding error: unknown field "spec.scan.shedule"',
  },
  {
    because: "a schedule of four fields",
    spec: { scan: { schedule: "0 * * *" } },
    problem: {
      path: "spec.scan.schedule",
      message: "needs 5 fields (minute, hour, day of month, month, day of week), has 4",
    },
    server: 'spec.scan.schedule: Invalid value: "0 * * *": is not a schedule: write five cron fields',
  },
  {
    because: "an interval in place of a schedule",
    spec: { scan: { schedule: "@every 5m" } },
    problem: {
      path: "spec.scan.schedule",
      message: "@every is not supported; write five fields such as */15 * * * *",
    },
    server: 'spec.scan.schedule: Invalid value: "@every 5m": is not a schedule',
  },
  {
    because: "an hour that no day has",
    spec: { scan: { schedule: "0 25 * * *" } },
    problem: { path: "spec.scan.schedule", message: "hour: 25 is not in 0 to 23" },
  },
  {
    because: "a time zone that is none",
    spec: { scan: { timeZone: "Europe/Berln" } },
    problem: {
      path: "spec.scan.timeZone",
      message:
        'there is no time zone "Europe/Berln"; write a name of the time zone database such as Europe/Berlin or Etc/UTC',
    },
  },
  {
    because: "the time zone of whichever machine it is",
    spec: { scan: { timeZone: "Local" } },
    problem: {
      path: "spec.scan.timeZone",
      message: 'there is no time zone "Local"; write a name of the time zone database such as Europe/Berlin or Etc/UTC',
    },
    server: 'spec.scan.timeZone: Invalid value: "Local": is not a time zone',
  },
];
