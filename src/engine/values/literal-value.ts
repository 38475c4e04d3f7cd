const placeholder = /\$\([^)]*\)|\$\{[^}]*\}|\{\{|<[^>]*>/;
const plainWord = /^(?:true|false|yes|no|on|off|null|none|[+-]?\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|m|h|d|w)?)$/i;

/** Whether a value is written out, instead of naming where it comes from, being a path, or being a switch or a number. */
export function isLiteralValue(text: string): boolean {
  return text !== "" && !/^[/[{]/.test(text) && !placeholder.test(text) && !plainWord.test(text);
}
