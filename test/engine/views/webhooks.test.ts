import { describe, expect, it } from "vitest";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { webhookKinds, webhooksOf } from "../../../src/engine/views/webhooks.ts";

describe("the webhooks of a configuration", () => {
  it.each(webhookKinds)("are addressed by name (%s)", (kindName) => {
    const [kind = "", ...group] = kindName.split(".");
    const webhooks = [{ name: "a.example.com" }, null, { failurePolicy: "Fail" }];
    const view = viewResource({ apiVersion: `${group.join(".")}/v1`, kind, metadata: { name: "x" }, webhooks });
    expect(view?.kindName).toBe(kindName);
    expect(view && webhooksOf(view)).toEqual([
      { name: "a.example.com", path: "webhooks[name=a.example.com]", fields: webhooks[0] },
      { name: "", path: 'webhooks[name=""]', fields: webhooks[2] },
    ]);
  });
});
