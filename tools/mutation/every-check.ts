/**
 * Ends with status 1 as soon as a check of a rule or a unit test of the views does not hold: first the rules, because
 * what the tests need takes longer to load.
 */
import { rules } from "../../src/rules/index.generated.ts";
import { ruleChecks, unitTests } from "./checks.ts";

const rulesHold = rules.every((rule) => ruleChecks(rule, rule.id).every((check) => check.holds()));
process.exitCode = rulesHold && (await unitTests()).every((check) => check.holds()) ? 0 : 1;
