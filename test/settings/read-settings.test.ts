import { describe, expect, it } from "vitest";
import { defaultOwnershipSettings } from "../../src/engine/ownership/ownership.ts";
import { readSettings, type Settings, type SettingsInput } from "../../src/settings/read-settings.ts";
import { SettingsError } from "../../src/settings/settings-error.ts";
import { type SettingDefinition, type SettingName, settingsTable } from "../../src/settings/table.ts";
import { logLevels } from "../../src/telemetry/logger.ts";
import { leastSeriesCap } from "../../src/telemetry/series-cap.ts";
import { defaultSeriesCap } from "../../src/telemetry/violation-series.ts";

function read(input: Partial<SettingsInput> = {}): Settings {
  return readSettings({ options: {}, env: {}, fallbackIdentity: "host-1a2b", ...input });
}

function problemsOf(input: Partial<SettingsInput>): string[] {
  try {
    read(input);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

const definitions: readonly (readonly [string, SettingDefinition])[] = Object.entries(settingsTable);

describe("the settings", () => {
  it("have defaults for a single cluster", () => {
    expect(read()).toEqual({
      clusterName: "kubernetes",
      namespace: "pawl-system",
      logLevel: "info",
      clientQps: 20,
      clientBurst: 40,
      secretMetadata: false,
      reportSecrets: [],
      slackApiUrl: new URL("https://slack.com/api"),
      ownerKeys: [
        { key: "team", on: "either" },
        { key: "owner", on: "either" },
      ],
      argocdInstanceLabel: "argocd.argoproj.io/instance",
      seriesCap: 2000,
      metricsAddress: { port: 8080 },
      healthAddress: { port: 8081 },
      leaderElect: true,
      leaseName: "pawl-operator",
      identity: "host-1a2b",
    });
  });

  it("take a flag over the environment, and the environment over the default", () => {
    const env = { PAWL_LOG_LEVEL: "warn" };
    expect(read({ env }).logLevel).toBe("warn");
    expect(read({ env, options: { logLevel: "debug" } }).logLevel).toBe("debug");
  });

  it("take our own variable over that of others", () => {
    const env = {
      PAWL_KUBECONFIG: "/a",
      KUBECONFIG: "/b",
      PAWL_NAMESPACE: "c",
      POD_NAMESPACE: "d",
      POD_NAME: "pawl-0",
    };
    expect(read({ env })).toMatchObject({ kubeconfig: "/a", namespace: "c", identity: "pawl-0" });
    expect(read({ env: { KUBECONFIG: "/b", POD_NAMESPACE: "d" } })).toMatchObject({ kubeconfig: "/b", namespace: "d" });
  });

  it("read a variable that is set but empty as not set", () => {
    expect(read({ env: { PAWL_NAMESPACE: "", POD_NAMESPACE: "d", PAWL_SERIES_CAP: "" } })).toMatchObject({
      namespace: "d",
      seriesCap: 2000,
    });
  });

  it("ignore the variables that Kubernetes sets for a Service of our name", () => {
    const env = {
      PAWL_PORT: "tcp://10.0.0.1:8080",
      PAWL_METRICS_PORT: "tcp://10.0.0.1:8080",
      PAWL_METRICS_SERVICE_HOST: "10.0.0.1",
    };
    expect(read({ env })).toEqual(read());
  });

  it.each([
    [":8080", { port: 8080 }],
    ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
    ["localhost:65535", { host: "localhost", port: 65_535 }],
    ["[::1]:9090", { host: "::1", port: 9090 }],
  ])("read the address %j", (text, address) => {
    expect(read({ options: { metricsAddress: text } }).metricsAddress).toEqual(address);
  });

  it("read the keys of owners in their order, each with where it is looked for", () => {
    const text = "annotation:example.com/owner, team,label:app.kubernetes.io/part-of";
    expect(read({ options: { ownerKeys: text } }).ownerKeys).toEqual([
      { key: "example.com/owner", on: "annotation" },
      { key: "team", on: "either" },
      { key: "app.kubernetes.io/part-of", on: "label" },
    ]);
  });

  it.each(["", "team,", "two words", "team;owner", "labels:team", "/team", "-team", `${"team,".repeat(16)}team`])(
    "refuse the keys of owners %j",
    (text) => {
      expect(problemsOf({ options: { ownerKeys: text } })).toEqual([
        `--owner-keys is ${JSON.stringify(text)}, but must be at most 16 keys with commas between them, each with label: or annotation: before it or neither`,
      ]);
    },
  );

  it.each([
    [
      "clusterName",
      "two words",
      '--cluster-name is "two words", but must be 1 to 128 printable characters without blanks',
    ],
    ["namespace", "Pawl_System", '--namespace is "Pawl_System", but must be the name of a namespace'],
    ["kubeconfig", "", '--kubeconfig is "", but must be the path of a file'],
    ["logLevel", "loud", '--log-level is "loud", but must be debug, info, warn or error'],
    ["clientQps", "0.5", '--client-qps is "0.5", but must be a number from 1 to 10000'],
    ["clientQps", "1e3", '--client-qps is "1e3", but must be a number from 1 to 10000'],
    ["clientBurst", "2.5", '--client-burst is "2.5", but must be a whole number from 1 to 10000'],
    ["seriesCap", "23", '--series-cap is "23", but must be a whole number from 24 to 1000000'],
    ["argocdInstanceLabel", "an app", '--argocd-instance-label is "an app", but must be the key of a label'],
    ["metricsAddress", "8080", '--metrics-address is "8080", but must be host:port or :port, such as :8080'],
    ["metricsAddress", "::1:8080", '--metrics-address is "::1:8080", but must be host:port or :port, such as :8080'],
    ["healthAddress", ":65536", '--health-address is ":65536", but must be host:port or :port, such as :8081'],
    ["leaderElect", "yes", '--leader-elect is "yes", but must be true or false'],
    ["leaseName", "-x", '--lease-name is "-x", but must be the name of a Lease'],
    ["identity", " ", '--identity is " ", but must be 1 to 128 printable characters without blanks'],
  ] as const)("refuse %s %j", (name, text, message) => {
    expect(problemsOf({ options: { [name]: text } })).toEqual([message]);
  });

  it.each(["httpsProxy", "httpProxy", "allProxy"] as const)("that may hold a password is not shown: %s", (name) => {
    const problems = problemsOf({ options: { [name]: "socks5://me:marked@proxy:1080" } });
    expect(problems).toEqual([
      `--${settingsTable[name].flag} is something that is not shown because it may hold a password, but must be the address of a proxy, such as http://proxy.example.com:3128`,
    ]);
  });

  it("name every wrong one at once, each with where it came from", () => {
    const error = (() => {
      try {
        return read({ options: { seriesCap: "many" }, env: { PAWL_LOG_LEVEL: "loud", POD_NAMESPACE: "-" } });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(SettingsError);
    expect(error).toMatchObject({
      problems: [
        { setting: "namespace", source: "POD_NAMESPACE" },
        { setting: "logLevel", source: "PAWL_LOG_LEVEL" },
        { setting: "seriesCap", source: "--series-cap" },
      ],
      message:
        'POD_NAMESPACE is "-", but must be the name of a namespace; PAWL_LOG_LEVEL is "loud", but must be debug, info, warn or error; ' +
        '--series-cap is "many", but must be a whole number from 24 to 1000000',
    });
  });

  it("name the host name if it cannot be an identity", () => {
    expect(problemsOf({ fallbackIdentity: "" })).toEqual([
      'the host name is "", but must be 1 to 128 printable characters without blanks',
    ]);
  });
});

describe("the settings of deliveries", () => {
  it("take names of Secrets with commas between them", () => {
    expect(read({ options: { reportSecrets: "pawl-slack, pawl-smtp," } }).reportSecrets).toEqual([
      "pawl-slack",
      "pawl-smtp",
    ]);
    expect(problemsOf({ options: { reportSecrets: "Slack" } })).toHaveLength(1);
  });

  it("take Slack's address in the clear from loopback only", () => {
    expect(read({ options: { slackApiUrl: "http://127.0.0.1:8080/api" } }).slackApiUrl.port).toBe("8080");
    expect(problemsOf({ options: { slackApiUrl: "http://slack.com/api" } })).toHaveLength(1);
  });

  it("take proxies as curl does", () => {
    const env = { HTTPS_PROXY: "http://proxy.example.com:3128", no_proxy: "10.0.0.0/8,.svc" };
    expect(read({ env })).toMatchObject({ httpsProxy: "http://proxy.example.com:3128", noProxy: "10.0.0.0/8,.svc" });
    expect(problemsOf({ options: { allProxy: "not a proxy" } })).toHaveLength(1);
  });
});

describe("the table of settings", () => {
  it.each(definitions)("names %s alike as setting, flag and variable", (name, { flag, env }) => {
    expect(flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())).toBe(name);
    expect(env[0]).toBe(`PAWL_${flag.replaceAll("-", "_").toUpperCase()}`);
  });

  it.each(definitions)(
    "describes %s in one line, and has no variable that Kubernetes may set for a Service",
    (_, definition) => {
      expect(definition.description).toMatch(/^[A-Z][^\n]{10,90}[^.\n]$/);
      for (const variable of definition.env) expect(variable).not.toMatch(/_(?:PORT|HOST|ADDR|PROTO|TCP|UDP)(?:_|$)/);
    },
  );

  it("has defaults that pass", () => {
    const options = Object.fromEntries(
      definitions.flatMap(([name, { default: text }]) => (text === undefined ? [] : [[name, text]])),
    );
    expect(problemsOf({ options: options satisfies Partial<Record<SettingName, string>> })).toEqual([]);
  });

  it("agrees with the engine on where owner and source are written", () => {
    const { ownerKeys, argocdInstanceLabel } = read();
    expect({ ownerKeys, argocdInstanceLabel }).toEqual(defaultOwnershipSettings);
  });

  it("agrees with telemetry on log levels and on the series cap", () => {
    for (const logLevel of logLevels) expect(read({ options: { logLevel } }).logLevel).toBe(logLevel);
    expect(read().seriesCap).toBe(defaultSeriesCap);
    expect(read({ options: { seriesCap: String(leastSeriesCap) } }).seriesCap).toBe(leastSeriesCap);
    expect(problemsOf({ options: { seriesCap: String(leastSeriesCap - 1) } })).toHaveLength(1);
  });
});
