import type { Rule } from "./rule.ts";
import type { Violation } from "./violation.ts";

/** Puts the arguments into a message: `Container {container} has no limit`. A placeholder without argument stays as it is. */
export function fillMessage(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{([^{}]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(data, name) ? String(data[name]) : placeholder,
  );
}

/** What a reader is told about a violation: the policy's own text if it gives one, else the rule's message. */
export function violationMessage(
  rule: Pick<Rule, "title" | "messages">,
  violation: Pick<Violation, "messageId" | "data">,
  override?: string,
): string {
  const messages: Readonly<Record<string, string>> = rule.messages;
  return fillMessage(override ?? messages[violation.messageId] ?? rule.title, violation.data);
}
