/** Ends with status 1 as soon as a fixture of any rule does not hold. */
import { rules } from "../../src/rules/index.generated.ts";
import { readFixtures } from "../rule-fixtures.ts";
import { bareFixture, holds } from "./fixture-checks.ts";

const held = rules.every((rule) => [...readFixtures(rule.id), bareFixture(rule)].every((one) => holds(rule, one)));
process.exitCode = held ? 0 : 1;
