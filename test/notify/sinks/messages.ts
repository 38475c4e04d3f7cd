import type { Message } from "../../../src/notify/message.ts";
import * as samples from "../../formats/samples.ts";

const envelope = { cluster: "prod-eu", subscription: "platform", at: "2026-11-21T07:59:30Z", repeated: false } as const;

export const digest: Message = { ...envelope, id: "d1-3f1c2a90b7", kind: "digest", digest: samples.digest };

export const baseline: Message = { ...envelope, id: "b1-77e0c4d2a1", kind: "baseline", digest: samples.baseline };

/** What changed just now, for one owner and one rule. */
export const notice: Message = { ...envelope, id: "t1-0a4b8c1d2e", kind: "transitions", notice: samples.notice };
