import type { KubeObject } from "../../../src/engine/resource.ts";
import { textAt, valueAt } from "../../../src/engine/views/fields.ts";
import { type ApiClient, ApiStatusError } from "../../../tools/control-plane/index.ts";
import type { Fixture } from "../../../tools/rule-fixtures.ts";
import { kindKey, type ServedKind } from "./served-kinds.ts";

/** The objects of a fixture that the API server accepted: as written, and as it gives them back. */
export interface LivedFixture {
  /** Holds objects outside of namespaces, whose names other fixtures may give as well. */
  readonly isShared: boolean;
  readonly manifests: readonly KubeObject[];
  readonly live: readonly KubeObject[];
  /** How many objects it did not take: another version, not valid, or live already. */
  readonly refused: number;
}

/** Puts fixtures onto an API server, each into namespaces of its own. */
export class FixtureLife {
  readonly #request: ApiClient["request"];
  readonly #kinds: ReadonlyMap<string, ServedKind>;

  constructor(request: ApiClient["request"], kinds: ReadonlyMap<string, ServedKind>) {
    this.#request = request;
    this.#kinds = kinds;
  }

  isShared({ objects }: Fixture): boolean {
    return objects.some((object) => this.#kinds.get(kindKey(object))?.namespaced === false);
  }

  /** @param prefix of the namespaces, used by no other fixture */
  async live(fixture: Fixture, prefix: string): Promise<LivedFixture> {
    const { objects } = fixture;
    const served = objects.filter((object) => this.#kinds.has(kindKey(object)));
    const placed = served.map((object) => this.#place(object, prefix));
    await this.#openNamespaces(placed);
    const manifests: KubeObject[] = [];
    const live: KubeObject[] = [];
    for (const object of placed) {
      const stored = await this.#create(object);
      if (stored === undefined) continue;
      manifests.push(object);
      live.push(stored);
    }
    for (const object of live) await this.#removeIfShared(object);
    return { isShared: this.isShared(fixture), manifests, live, refused: objects.length - live.length };
  }

  #place(object: KubeObject, prefix: string): KubeObject {
    const metadata = valueAt(object, "metadata");
    if (typeof metadata !== "object") return object;
    if (isNamespace(object))
      return { ...object, metadata: { ...metadata, name: `${prefix}-${textAt(metadata, "name") ?? ""}` } };
    // The server would not know where to put it, and refuse it.
    if (this.#kinds.get(kindKey(object))?.namespaced !== true) return object;
    return {
      ...object,
      metadata: { ...metadata, namespace: `${prefix}-${textAt(metadata, "namespace") || "default"}` },
    };
  }

  /** Every namespace that is asked for, the fixture's own where it brings one, with the account that Pods run as. */
  async #openNamespaces(placed: readonly KubeObject[]): Promise<void> {
    for (const name of new Set(placed.flatMap((object) => textAt(object, "metadata", "namespace") ?? []))) {
      const own = placed.find((object) => isNamespace(object) && nameOf(object) === name);
      if (own === undefined || (await this.#create(own)) === undefined)
        await this.#request("POST", "/api/v1/namespaces", { metadata: { name } });
      await this.#request("POST", `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: "default" } });
    }
  }

  /** The object as the server gives it back; undefined where it did not take it. */
  async #create(object: KubeObject): Promise<KubeObject | undefined> {
    const path = this.#pathOf(object);
    const name = nameOf(object);
    // What is live already says so; what has no name gets one that the manifest does not know.
    if (path === undefined || name === "" || valueAt(object, "metadata", "uid") !== undefined) return undefined;
    try {
      await this.#request("POST", `${path}?fieldValidation=Strict`, object);
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.status >= 500) throw error;
      // A fixture's own namespace was opened before the others of its objects.
      if (!isNamespace(object) || error.status !== 409) return undefined;
    }
    return await this.#request<KubeObject>("GET", `${path}/${name}`);
  }

  async #removeIfShared(object: KubeObject): Promise<void> {
    const path = this.#pathOf(object);
    if (path !== undefined && !isNamespace(object) && textAt(object, "metadata", "namespace") === undefined)
      await this.#request("DELETE", `${path}/${nameOf(object)}`);
  }

  #pathOf(object: KubeObject): string | undefined {
    const served = this.#kinds.get(kindKey(object));
    if (served === undefined) return undefined;
    const namespace = textAt(object, "metadata", "namespace");
    const within = served.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
    return `${served.root}${within}/${served.plural}`;
  }
}

function isNamespace(object: KubeObject): boolean {
  return kindKey(object) === "v1 Namespace";
}

function nameOf(object: KubeObject): string {
  return textAt(object, "metadata", "name") ?? "";
}
