import type { RawObject } from "../../src/kube/object.ts";
import { type Fault, refuse, reply } from "./fake-api-server.ts";

/** Objects that can be created, read and replaced as on a real server, to be put behind the faults of a fake one. */
export class FakeObjects {
  readonly byPath = new Map<string, RawObject>();
  #version = 0;

  readonly serve: Fault = ({ method, path, query, body }, response) => {
    const sent = body === "" ? {} : (JSON.parse(body) as RawObject);
    const metadata = (sent.metadata ?? {}) as RawObject;
    if (method === "POST") {
      const created = `${path}/${String(metadata.name)}`;
      if (this.byPath.has(created)) return refuse(response, 409, "AlreadyExists");
      if (query.get("dryRun") === "All") return reply(response, 201, sent);
      return reply(response, 201, this.#store(created, sent));
    }
    const stored = this.byPath.get(path);
    if (stored === undefined) return refuse(response, 404, "NotFound");
    if (method === "GET") return reply(response, 200, stored);
    if (metadata.resourceVersion !== (stored.metadata as RawObject).resourceVersion)
      return refuse(response, 409, "Conflict", "the object has been modified");
    return reply(response, 200, this.#store(path, sent));
  };

  #store(path: string, object: RawObject): RawObject {
    this.#version += 1;
    const stored = {
      ...object,
      metadata: { ...(object.metadata as RawObject), resourceVersion: String(this.#version) },
    };
    this.byPath.set(path, stored);
    return stored;
  }
}
