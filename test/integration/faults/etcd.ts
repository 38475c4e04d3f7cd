interface Alarm {
  readonly memberID: string;
  readonly alarm: string;
}

/** The part of etcd's JSON gateway (`/v3/…`) by which an administrator makes room in it. */
export class Etcd {
  readonly #url: string;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/v3`;
  }

  /** `NOSPACE` while it is full. */
  async alarms(): Promise<readonly string[]> {
    return (await this.#raised()).map(({ alarm }) => alarm);
  }

  /** Forgets history, gives the room back, and ends the alarms. */
  async makeRoom(): Promise<void> {
    const { header } = await this.#post<{ readonly header: { readonly revision: string } }>("maintenance/status", {});
    await this.#post("kv/compaction", { revision: header.revision, physical: true });
    await this.#post("maintenance/defragment", {});
    for (const raised of await this.#raised())
      await this.#post("maintenance/alarm", { action: "DEACTIVATE", ...raised });
  }

  async #raised(): Promise<readonly Alarm[]> {
    const { alarms = [] } = await this.#post<{ readonly alarms?: readonly Alarm[] }>("maintenance/alarm", {
      action: "GET",
    });
    return alarms;
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${this.#url}/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`etcd refuses ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
