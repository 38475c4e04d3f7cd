import { z } from "zod";

/** From worst to least; docs/rules/README.md says what earns which. */
export const severities = ["Critical", "High", "Medium", "Low"] as const;

export const Severity = z.enum(severities);

export type Severity = (typeof severities)[number];
