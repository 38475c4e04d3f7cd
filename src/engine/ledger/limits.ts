const secondMs = 1000;
const dayMs = 86_400 * secondMs;

/** A violation of an inventory rule is reported after it has held for so long without a break. */
export const pendingMs = 60 * secondMs;

/** A kind without a complete and current list for so long is a hole. */
export const holeAfterMs = 60 * secondMs;

/** So long after a violation was reported as New it may still turn out to be a move. */
export const moveWindowMs = 600 * secondMs;

/** Entries out of scope, and those of a generated name without a live sibling, stay for so long. */
export const keepMs = 30 * dayMs;

/** No Event is sent for what is longer ago: the API server forgets Events after an hour, and with them that they were sent. */
export const eventsSentMs = 2700 * secondMs;

export const changesKeptMs = 7 * dayMs;
export const maxChanges = 200;

/** Rows listed per resource; what is beyond them is counted. */
export const maxRows = 200;

/** Entries of a report's history: days on which something changed. */
export const maxHistory = 35;
