import { parseQuantity, type Quantity } from "../values/quantity.ts";
import { type Fields, valueAt } from "./fields.ts";

/** `resources` of a container or of a pod. Amounts are exact; what does not parse is absent. */
export class ResourceAmounts {
  readonly #fields: Fields | undefined;

  constructor(fields: Fields | undefined) {
    this.#fields = fields;
  }

  /** `limit("memory")`. */
  limit(resource: string): Quantity | undefined {
    return parseQuantity(valueAt(this.#fields, "limits", resource));
  }

  /** What is written under `requests`. */
  writtenRequest(resource: string): Quantity | undefined {
    return parseQuantity(valueAt(this.#fields, "requests", resource));
  }

  /** The request in force: the API server takes the limit where only the limit is set. */
  request(resource: string): Quantity | undefined {
    return this.writtenRequest(resource) ?? this.limit(resource);
  }
}
