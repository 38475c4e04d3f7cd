import { RE2JS } from "re2js";

/** Compiled patterns by their text: rules meet the same few on every object. */
const compiled = new Map<string, RE2JS>();
const maxCompiled = 256;

/** Whether the whole value matches an RE2 pattern, in time linear in its length. @throws for a pattern that `isPattern` refuses */
export function matchesPattern(pattern: string, value: string): boolean {
  return compile(pattern).testExact(value);
}

/** Whether an RE2 pattern matches anywhere in the text, in any letter case. @throws as `matchesPattern` */
export function findsPattern(pattern: string, text: string): boolean {
  return compile(`(?i)${pattern}`).test(text);
}

function compile(pattern: string): RE2JS {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    if (compiled.size >= maxCompiled) compiled.clear();
    expression = RE2JS.compile(pattern);
    compiled.set(pattern, expression);
  }
  return expression;
}

/** Whether the text is a pattern that RE2 takes. */
export function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
