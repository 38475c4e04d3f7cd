/**
 * The fence: which room may import which. One entry a room; whatever a row does not list is an error.
 * test/contract/fence.test.ts checks that these are the real folders and that planted breaches are found.
 * @type {Record<string, { rooms: string[], packages: string[], node: string[] }>}
 */
export const fence = {
  // The contract of our kinds: schemas and types. Imports nothing of ours.
  api: { rooms: [], packages: ["zod"], node: [] },
  // The pure core: no I/O, no clock, no randomness, no logging.
  engine: { rooms: ["api"], packages: ["zod", "re2js"], node: [] },
  // One file per rule; a rule knows the engine's contract and views, never another rule.
  rules: { rooms: ["engine"], packages: ["zod"], node: [] },
  // YAML and JSON files → resources. Text in, objects and problems out.
  manifests: { rooms: ["engine"], packages: ["js-yaml"], node: [] },
  // What messages show → text, markdown, HTML, JSON, Block Kit. Laid out only: counted and worded before.
  formats: { rooms: ["api", "engine"], packages: ["zod"], node: [] },
  // Our layer over the Kubernetes API. Knows no kind of ours.
  kube: { rooms: [], packages: ["@kubernetes/client-node", "js-yaml", "undici"], node: ["*"] },
  // Logger, metric table, health endpoints.
  telemetry: { rooms: [], packages: ["pino", "prom-client"], node: ["*"] },
  // The only reader of the environment.
  settings: { rooms: [], packages: ["zod"], node: ["*"] },
  // Controllers: gather, decide (pure), apply. Rules reach it as a value, never by import.
  operator: { rooms: ["api", "engine", "kube", "telemetry"], packages: ["node-cron", "zod"], node: ["*"] },
  // Digests, subscriptions and their sinks.
  notify: {
    rooms: ["api", "engine", "formats", "kube", "telemetry"],
    packages: ["fast-png", "node-cron", "nodemailer", "undici", "zod"],
    node: ["*"],
  },
  // One file per command.
  cli: { rooms: ["settings"], packages: ["commander"], node: ["*"] },
  // Composition roots: the only place that sees everything.
  bin: {
    rooms: [
      "api",
      "engine",
      "rules",
      "manifests",
      "formats",
      "kube",
      "telemetry",
      "settings",
      "operator",
      "notify",
      "cli",
    ],
    packages: ["*"],
    node: ["*"],
  },
};

const quote = (text) => text.replace(/[/\\^$*+?.()|[\]{}]/g, "\\$&");

const rules = Object.entries(fence).flatMap(([room, may]) => {
  const from = { path: `^src/${room}/` };
  const list = [
    {
      name: `${room}-rooms`,
      comment: `${room} may import ${may.rooms.join(", ") || "no other room"}`,
      severity: "error",
      from,
      to: { path: "^src/", pathNot: `^src/(?:${[room, ...may.rooms].join("|")})/` },
    },
  ];
  if (!may.packages.includes("*"))
    list.push({
      name: `${room}-packages`,
      comment: `${room} may import the packages ${may.packages.join(", ") || "none"}`,
      severity: "error",
      from,
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
        pathNot: may.packages.length > 0 ? `node_modules/(?:${may.packages.map(quote).join("|")})/` : "^$",
      },
    });
  if (!may.node.includes("*"))
    list.push({
      name: `${room}-node`,
      comment: `${room} is pure: no Node built-ins`,
      severity: "error",
      from,
      to: { dependencyTypes: ["core"] },
    });
  return list;
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...rules,
    {
      name: "rules-alone",
      comment: "A rule never imports another rule; only the generated index lists them",
      severity: "error",
      from: { path: "^src/rules/[^/]+/", pathNot: "generated" },
      to: { path: "^src/rules/" },
    },
    { name: "no-cycles", severity: "error", comment: "No import cycles", from: {}, to: { circular: true } },
    {
      name: "bin-is-last",
      severity: "error",
      comment: "Nothing imports bin",
      from: { pathNot: "^(src/bin|test)/" },
      to: { path: "^src/bin/" },
    },
    {
      name: "src-alone",
      severity: "error",
      comment: "The product never imports tests or tools",
      from: { path: "^src/" },
      to: { path: "^(test|tools|bench|e2e)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "types", "default"] },
  },
};
