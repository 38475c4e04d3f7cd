import type { Scenario } from "../scenario.ts";
import { baseline } from "./1-baseline/scenario.ts";
import { image } from "./2-image/scenario.ts";
import { newViolation } from "./3-new-violation/scenario.ts";
import { fix } from "./4-fix/scenario.ts";
import { failover } from "./5-failover/scenario.ts";
import { uninstall } from "./6-uninstall/scenario.ts";

/** In the order of their folders: each goes on where the one before it ended. */
export const scenarios: readonly Scenario[] = [baseline, image, newViolation, fix, failover, uninstall];
