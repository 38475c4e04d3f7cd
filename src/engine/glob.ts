/**
 * Whether a name matches a pattern in which `*` stands for any characters and `?` for one.
 * Takes at most length × length steps whatever the pattern: patterns come from users, and one with many stars
 * would keep a regular expression busy for ever.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (pattern[next] === "*") {
      star = next++;
      starAt = at;
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === name[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}
