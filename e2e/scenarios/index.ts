import type { Scenario } from "../scenario.ts";
import { baseline } from "./1-baseline/scenario.ts";
import { newViolation } from "./2-new-violation/scenario.ts";
import { fix } from "./3-fix/scenario.ts";
import { failover } from "./4-failover/scenario.ts";
import { uninstall } from "./5-uninstall/scenario.ts";

/** In the order of their folders: each goes on where the one before it ended. */
export const scenarios: readonly Scenario[] = [baseline, newViolation, fix, failover, uninstall];
