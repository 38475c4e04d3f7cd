import { writeFileSync } from "node:fs";
import { DeliveryError } from "../../src/notify/sinks/delivery-error.ts";
import { BinariesUnavailableError, PartFailedError, UnsupportedVersionError } from "../control-plane/index.ts";
import { KubectlError } from "../kubectl.ts";
import { Checklist } from "./expectations.ts";
import type { DemoOptions } from "./options.ts";
import type { Screen } from "./screen.ts";
import { ExpectationError, type Stage } from "./stage.ts";
import { changeSomething } from "./stages/change.ts";
import { raiseControlPlane } from "./stages/control-plane.ts";
import { showDigest } from "./stages/digest.ts";
import { awaitOperator, install, startOperator } from "./stages/install.ts";
import { applyPolicy } from "./stages/policy.ts";
import { showReports } from "./stages/reports.ts";
import { showSignals } from "./stages/signals.ts";
import { stayUp } from "./stages/stay-up.ts";
import { deployWorkloads } from "./stages/workloads.ts";
import { OperatorEndedError, Workplace } from "./workplace.ts";

/** Somebody pressed Ctrl-C, or asked the process to end. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** Failures whose message says what went wrong; all others are faults of the demo itself. */
const explained = [
  ExpectationError,
  OperatorEndedError,
  KubectlError,
  BinariesUnavailableError,
  PartFailedError,
  UnsupportedVersionError,
  DeliveryError,
];

/**
 * Runs the whole demo and takes everything down again.
 *
 * @param interrupted aborted with an {@link InterruptedError} to end it early
 * @returns the exit status: 0 if every expectation was met, 1 if not, 130 if it was interrupted before the last one
 */
export async function runDemo(options: DemoOptions, screen: Screen, interrupted: AbortSignal): Promise<number> {
  const checklist = new Checklist();
  await using workplace = await Workplace.open();
  try {
    await show({ screen, checklist, patienceMs: options.patienceMs, signal: interrupted }, options, workplace);
  } catch (error) {
    if (error instanceof InterruptedError) {
      screen.say("Stopped: everything was taken down.");
      return checklist.passed ? 0 : 130;
    }
    if (!explained.some((known) => error instanceof known)) throw error;
    tellFailure(screen, checklist, error as Error, workplace);
    return 1;
  }
  return checklist.passed ? 0 : 1;
}

async function show(stage: Stage, options: DemoOptions, workplace: Workplace): Promise<void> {
  const { screen, checklist } = stage;
  await using cluster = await raiseControlPlane(stage, workplace.folder);
  await deployWorkloads(stage, cluster.kubectl);
  await install(stage, cluster);
  await using operator = await startOperator(stage, cluster, workplace, options.operator);
  const running = { ...stage, signal: AbortSignal.any([stage.signal, workplace.operatorEnded]) };
  await awaitOperator(running, operator);
  await applyPolicy(running, cluster.kubectl);
  await showReports(running, cluster.kubectl);
  await showSignals(running, cluster.kubectl, operator.endpoints);
  await changeSomething(running, cluster.kubectl, operator.endpoints);
  await showDigest(running, cluster, workplace.folder, options.receivers);
  tellOutcome(screen, checklist);
  if (!checklist.passed) return;
  if (options.transcript !== undefined) writeFileSync(options.transcript, screen.transcript());
  if (!options.once) await stayUp(running, cluster, operator.endpoints, workplace);
}

function tellOutcome(screen: Screen, checklist: Checklist): void {
  screen.stage("What was seen");
  for (const { mark, text, reason } of checklist.lines()) {
    if (mark === "met") screen.met(text);
    else if (mark === "failed") screen.failed(text, reason ?? "");
    else screen.notReached(text);
  }
}

function tellFailure(screen: Screen, checklist: Checklist, error: Error, workplace: Workplace): void {
  tellOutcome(screen, checklist);
  screen.say();
  screen.say(`The demo has failed: ${error.message}`);
  const tail = workplace.logTail(20);
  if (tail === undefined) return;
  screen.say();
  screen.say(`The last lines of the operator's log, which is kept in ${workplace.keepLog()}:`);
  screen.output(tail);
}
