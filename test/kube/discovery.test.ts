import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover, lookUp, sameDiscovery, serverVersion } from "../../src/kube/discovery.ts";
import { ServerError } from "../../src/kube/errors.ts";
import type { RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, refuse, reply } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";

let server: FakeApiServer;
let transport: HttpTransport;
/** Answers by path; a number refuses with that status. */
let answers: Record<string, RawObject | number>;

beforeEach(async () => {
  server = await FakeApiServer.start();
  transport = transportTo(server.url);
  server.faults.push(({ path }, response) => {
    const answer = answers[path] ?? 404;
    return typeof answer === "number" ? refuse(response, answer, "Failure") : reply(response, 200, answer);
  });
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

const VERBS = ["watch", "list", "get"];

const aggregated = (items: RawObject[]): RawObject => ({ kind: "APIGroupDiscoveryList", items });
const resource = (kind: string, plural: string): RawObject => ({
  resource: plural,
  responseKind: { group: "", version: "", kind },
  scope: "Namespaced",
  verbs: VERBS,
  subresources: [{ subresource: "status" }],
});
const listed = (kind: string, name: string): RawObject => ({ name, kind, namespaced: true, verbs: VERBS });

/** The same cluster, told in both ways. */
const AGGREGATED = {
  "/api": aggregated([{ metadata: {}, versions: [{ version: "v1", resources: [resource("Pod", "pods")] }] }]),
  "/apis": aggregated([
    {
      metadata: { name: "autoscaling" },
      versions: [
        { version: "v2", resources: [resource("HorizontalPodAutoscaler", "horizontalpodautoscalers")] },
        {
          version: "v1",
          resources: [resource("HorizontalPodAutoscaler", "horizontalpodautoscalers"), resource("Old", "olds")],
        },
      ],
    },
    { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1", freshness: "Stale", resources: [] }] },
  ]),
};
const ONE_BY_ONE = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/api/v1": { resources: [listed("Pod", "pods"), listed("Pod", "pods/log")] },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      {
        name: "autoscaling",
        versions: [{ version: "v1" }, { version: "v2" }],
        preferredVersion: { version: "v2" },
      },
      { name: "metrics.k8s.io", versions: [{ version: "v1" }], preferredVersion: { version: "v1" } },
      { name: "removed.example", versions: [{ version: "v1" }], preferredVersion: { version: "v1" } },
    ],
  },
  "/apis/autoscaling/v2": { resources: [listed("HorizontalPodAutoscaler", "horizontalpodautoscalers")] },
  "/apis/autoscaling/v1": {
    resources: [listed("HorizontalPodAutoscaler", "horizontalpodautoscalers"), listed("Old", "olds")],
  },
  "/apis/metrics.k8s.io/v1": 503,
};

describe.each([
  ["in one answer", AGGREGATED],
  ["group by group", ONE_BY_ONE],
])("discovery %s", (_, cluster) => {
  beforeEach(() => {
    answers = cluster;
  });

  it("gives each kind in the version that the server prefers among those that have it", async () => {
    const discovery = await discover(clientOver(transport));
    expect([...discovery.types.keys()]).toEqual(["HorizontalPodAutoscaler.autoscaling", "Old.autoscaling", "Pod"]);
    expect(discovery.types.get("HorizontalPodAutoscaler.autoscaling")).toEqual({
      group: "autoscaling",
      version: "v2",
      kind: "HorizontalPodAutoscaler",
      plural: "horizontalpodautoscalers",
      namespaced: true,
      verbs: ["get", "list", "watch"],
      versions: ["v2", "v1"],
    });
    expect(discovery.types.get("Old.autoscaling")?.version).toBe("v1");
  });

  it("tells a kind that is not served from one whose group could not be asked", async () => {
    const discovery = await discover(clientOver(transport));
    expect(lookUp(discovery, "Rollout.argoproj.io")).toBe("not-served");
    expect(lookUp(discovery, "PodMetrics.metrics.k8s.io")).toBe("unknown");
    expect([...discovery.failedGroups.keys()]).toEqual(["metrics.k8s.io"]);
  });

  it("can be run again and compared", async () => {
    const client = clientOver(transport);
    const first = await discover(client);
    expect(sameDiscovery(first, await discover(client))).toBe(true);
    answers = { ...cluster, "/apis": { kind: "APIGroupList", groups: [] } };
    expect(sameDiscovery(first, await discover(client))).toBe(false);
  });
});

describe("discovery", () => {
  it("throws when the server as a whole does not answer", async () => {
    answers = { "/api": 503 };
    await expect(discover(clientOver(transport))).rejects.toThrow(ServerError);
  });

  it("reads the version of a managed cluster", async () => {
    answers = { "/version": { major: "1", minor: "36+", gitVersion: "v1.36.3-eks-1" } };
    expect(await serverVersion(clientOver(transport))).toEqual({ major: 1, minor: 36, gitVersion: "v1.36.3-eks-1" });
  });
});
