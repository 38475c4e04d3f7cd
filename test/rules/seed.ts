/** The same in every run, so that a run fails for what was changed; look further with `RULES_SEED=$RANDOM`. */
export const seed = Number(process.env.RULES_SEED ?? 20_261_121);
