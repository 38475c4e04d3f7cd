import { Agent } from "undici";
import type { ApiAccess } from "../../tools/control-plane/index.ts";
import {
  type App,
  app,
  type Controlled,
  type Manifest,
  namespaceName,
  namespaceObjects,
  ownedBy,
  sizeOf,
} from "../population/objects.ts";

/** Creates under way at once: enough to keep two cores busy, on both sides. */
const connections = 24;

const objectsPerNamespace = 500;

export interface SeedOptions {
  readonly admin: ApiAccess;
  /** Objects to be there, about. */
  readonly objects: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What was made. */
export interface Seeded {
  readonly objects: number;
  readonly namespaces: readonly string[];
}

/** Fills a cluster with applications, each object created through the API as a client would, owners first. */
export async function seedCluster({ admin, objects, seed, say }: SeedOptions): Promise<Seeded> {
  await using creator = new Creator(admin);
  const startedAt = performance.now();
  const namespaces = Array.from({ length: Math.max(2, Math.round(objects / objectsPerNamespace)) }, (_, at) =>
    namespaceName(at),
  );
  await inParallel(namespaces, async (namespace) => {
    for (const object of namespaceObjects(namespace)) await creator.create(object);
  });
  const apps = appsFor(objects - creator.created, seed, namespaces);
  let next = 10_000;
  await inParallel(apps, async (one) => {
    await creator.createApp(one);
    if (creator.created < next) return;
    next += 10_000;
    say(`${creator.created} objects created`);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  say(`${creator.created} objects in ${namespaces.length} namespaces, made in ${seconds.toFixed(0)} s`);
  return { objects: creator.created, namespaces };
}

function appsFor(objects: number, seed: number, namespaces: readonly string[]): readonly App[] {
  const apps: App[] = [];
  for (let left = objects; left > 0; ) {
    const one = app(apps.length, seed, namespaces[apps.length % namespaces.length] ?? "default");
    apps.push(one);
    left -= sizeOf(one);
  }
  return apps;
}

/** Works on several items at once, as many as the API server is kept busy with. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

/** Creates objects through the API as fast as it takes them. */
export class Creator implements AsyncDisposable {
  readonly #access: ApiAccess;
  readonly #agent: Agent;
  #created = 0;

  constructor(access: ApiAccess) {
    this.#access = access;
    const { authority: ca, clientCertificate: cert, clientKey: key } = access;
    this.#agent = new Agent({
      connections,
      connect: { ca, ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
    });
  }

  get created(): number {
    return this.#created;
  }

  async createApp({ workload, others }: App): Promise<void> {
    for (const other of others) await this.create(other);
    await this.#createControlled(workload);
  }

  /** Returns the uid. */
  async create(object: Manifest): Promise<string> {
    const { statusCode, body } = await this.#agent.request({
      origin: this.#access.server,
      path: collectionOf(object),
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(object),
    });
    const answer = await body.text();
    if (statusCode !== 201) throw new Error(`${object.kind} ${object.metadata.name}: ${statusCode} ${answer}`);
    this.#created += 1;
    return /"uid":"([^"]+)"/.exec(answer.slice(answer.indexOf('"metadata"')))?.[1] ?? "";
  }

  async #createControlled({ object, controls }: Controlled): Promise<void> {
    const uid = await this.create(object);
    for (const one of controls) await this.#createControlled({ ...one, object: ownedBy(one.object, object, uid) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close();
  }
}

const plurals: Readonly<Record<string, string>> = {
  Ingress: "ingresses",
  NetworkPolicy: "networkpolicies",
  Policy: "policies",
};

function collectionOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${root}${within}/${plurals[kind] ?? `${kind.toLowerCase()}s`}`;
}
