import { parseDuration } from "../api/duration.ts";
import { parsePolicySpec } from "../api/parse-policy-spec.ts";
import type { PolicySpec } from "../api/policy.ts";
import type { PolicyMatch } from "../api/policy-match.ts";
import { parseSchedule, type Schedule } from "../api/schedule.ts";
import type { CompiledPolicy, CompiledRule, InactiveRule } from "./compiled-policy.ts";
import { coversKind, isNeverWatched, namedKinds, readKinds, secretKind } from "./kind-scope.ts";
import type { LedgerRule } from "./ledger/types.ts";
import { compileMatch, type Matcher } from "./match.ts";
import type { Registry } from "./registry.ts";
import { formatRelease, type Release } from "./release.ts";
import type { KindName } from "./resource.ts";
import { type CompileProblem, selectRules } from "./select-rules.ts";
import { hash64 } from "./values/hash.ts";
import { stableJson } from "./values/stable-json.ts";

export type { CompileProblem } from "./select-rules.ts";

/** A Policy as far as compiling needs it; the spec is not trusted to be one. */
export interface PolicySource {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string | undefined;
    readonly generation?: number | undefined;
  };
  readonly spec?: unknown;
}

/** What holds where the policy is to judge. */
export interface CompileOptions {
  readonly release: Release;
  /** Whether Secrets may be listed, as metadata; default no. Without it the rules that live by them are inactive. */
  readonly secretMetadata?: boolean;
  /** Whether manifests are judged, which also hold what the API server overwrites on live objects; default no. */
  readonly manifests?: boolean;
}

export type CompileResult =
  | { readonly ok: true; readonly policy: CompiledPolicy }
  | { readonly ok: false; readonly problems: readonly CompileProblem[] };

/** Turns a Policy into one that can judge, or says by field what is wrong with it. Never throws on a bad spec. */
export function compilePolicy(source: PolicySource, registry: Registry, options: CompileOptions): CompileResult {
  const read = parsePolicySpec(source.spec ?? {});
  if (!read.ok) return { ok: false, problems: read.problems.map(({ path, message }) => invalid(path, message)) };
  const { spec } = read;
  const schedule = compileSchedule(spec.scan);
  const settleMs = parseDuration(spec.baseline.settle);
  const selected = selectRules(spec.rules, registry, options.release);
  const problems = [...selected.problems, ...kindProblems(spec.match, registry, options), ...schedule.problems];
  if (settleMs === undefined)
    problems.push(invalid("spec.baseline.settle", "is not a duration: write for example 24h"));
  if (problems.length > 0 || schedule.schedule === undefined || settleMs === undefined) return { ok: false, problems };

  const inactiveRules = selected.rules.flatMap((rule) => inactive(rule, options));
  const idle = new Set(inactiveRules.map(({ rule }) => rule));
  const rules = selected.rules.filter(({ id }) => !idle.has(id));
  const matcher = compileMatch(spec.match);
  return {
    ok: true,
    policy: {
      name: source.metadata.name,
      uid: source.metadata.uid ?? "",
      generation: source.metadata.generation ?? 0,
      spec,
      release: options.release,
      verdictKey: verdictKey(source.metadata.name, spec.match, rules, options),
      rules,
      inactiveRules,
      matcher,
      clusterResources: matcher.clusterResources,
      ...kindScope(spec.match.kinds ?? [], matcher, rules, options),
      baseline: { mode: spec.baseline.mode, settleMs, newNamespaces: spec.baseline.newNamespaces },
      scan: {
        continuous: spec.scan.continuous,
        schedule: schedule.schedule,
        timeZone: spec.scan.timeZone,
        suspend: spec.scan.suspend,
      },
      ledgerRules: new Map(rules.map((rule) => [rule.id, ledgerRule(rule)])),
    },
  };
}

function invalid(field: string, message: string): CompileProblem {
  return { field, message, reason: reasonOf(field) };
}

function reasonOf(field: string): CompileProblem["reason"] {
  if (field.startsWith("spec.scan.schedule")) return "InvalidSchedule";
  if (field.startsWith("spec.scan.timeZone")) return "InvalidTimeZone";
  return "InvalidSpec";
}

function compileSchedule(scan: PolicySpec["scan"]): { schedule?: Schedule; problems: readonly CompileProblem[] } {
  const parsed = parseSchedule(scan.schedule, scan.timeZone);
  if (parsed.ok) return { schedule: parsed.schedule, problems: [] };
  const field = parsed.problem.in === "expression" ? "spec.scan.schedule" : "spec.scan.timeZone";
  return { problems: [invalid(field, parsed.problem.message)] };
}

function kindProblems(match: PolicyMatch, registry: Registry, options: CompileOptions): CompileProblem[] {
  return (match.kinds ?? []).flatMap((pattern, index) => {
    const field = `spec.match.kinds[${index}]`;
    if (isOutOfScope(pattern, options)) return [invalid(field, `${pattern} is never watched: remove it`)];
    const meant = groupedKind(pattern, registry);
    return meant === undefined ? [] : [invalid(field, `${pattern} alone is a kind of the core group: write ${meant}`)];
  });
}

/** Kinds that no cluster is watched for; a manifest is there to be judged, whatever it is. */
function isOutOfScope(kind: KindName, { manifests = false }: CompileOptions): boolean {
  return !manifests && isNeverWatched(kind);
}

/** `Deployment.apps` for a bare `Deployment`: rules know the kind, and only in a group. */
function groupedKind(pattern: string, registry: Registry): KindName | undefined {
  if (pattern.includes(".")) return undefined;
  const known = [...registry.rules.values()].flatMap(({ kinds }) => namedKinds(kinds));
  return known.includes(pattern) ? undefined : known.find((kind) => kind.startsWith(`${pattern}.`));
}

/** Empty, or the one reason why a rule cannot run here. */
function inactive({ id, rule }: CompiledRule, options: CompileOptions): InactiveRule[] {
  if (rule.manifestsOnly && !options.manifests) return [{ rule: id, reason: "ManifestsOnly" }];
  if (options.manifests || options.secretMetadata) return [];
  const reads: readonly KindName[] = rule.scope === "inventory" ? rule.reads : [];
  const named = namedKinds(rule.kinds);
  const livesBySecrets = reads.includes(secretKind) || (named.length > 0 && named.every((kind) => kind === secretKind));
  return livesBySecrets ? [{ rule: id, reason: "NeedsSecretMetadata" }] : [];
}

function kindScope(
  patterns: readonly string[],
  { namesKind }: Matcher,
  rules: readonly CompiledRule[],
  options: CompileOptions,
) {
  const secrets = options.manifests === true || options.secretMetadata === true;
  const named = new Set(rules.flatMap(({ rule }) => namedKinds(rule.kinds)));
  if (!secrets) named.delete(secretKind);
  for (const kind of named) if (isOutOfScope(kind, options)) named.delete(kind);
  const reads = new Set(rules.flatMap(({ rule }) => (rule.scope === "inventory" ? readKinds(rule.reads) : [])));
  const judges = (kind: KindName) => !isOutOfScope(kind, options) && (named.has(kind) || namesKind(kind));
  const byKind = new Map<KindName, readonly CompiledRule[]>();
  return {
    kinds: [...new Set([...named, ...patterns])].sort(),
    reads: [...reads].sort(),
    judges,
    rulesFor(kind: KindName): readonly CompiledRule[] {
      let found = byKind.get(kind);
      if (found === undefined) {
        found = judges(kind) ? rules.filter(({ rule }) => coversKind(rule.kinds, kind)) : [];
        byKind.set(kind, found);
      }
      return found;
    },
  };
}

function verdictKey(name: string, match: PolicyMatch, rules: readonly CompiledRule[], options: CompileOptions): string {
  const judgedBy = rules.map(({ id, rule, paramsHash, severity }) => [id, rule.revision, paramsHash, severity]);
  const { secretMetadata = false, manifests = false } = options;
  const key = stableJson({ match, judgedBy, release: formatRelease(options.release), secretMetadata, manifests });
  return `${name}#${hash64(key)}`;
}

function ledgerRule({ rule, paramsHash, severity, message, helpUrl }: CompiledRule): LedgerRule {
  return {
    revision: rule.revision,
    params: paramsHash,
    severity,
    title: rule.title,
    scope: rule.scope,
    ...(message === undefined ? {} : { message }),
    ...(helpUrl === undefined ? {} : { helpUrl }),
  };
}
