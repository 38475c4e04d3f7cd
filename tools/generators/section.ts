/**
 * A section that is generated inside of a page that people write. It stands between two comments, which stay where the
 * page's author puts them.
 */
const begin = (name: string): string => `<!-- section ${name} `;
const end = (name: string): string => `<!-- end of section ${name} -->`;

/**
 * The page with `content` as its section.
 * @throws Error if the page has no such section, or more than one
 */
export function fillSection(page: string, name: string, source: string, content: string): string {
  const [head, rest, ...more] = page.split(begin(name));
  const [, tail, ...others] = (rest ?? "").split(end(name));
  if (head === undefined || tail === undefined || more.length > 0 || others.length > 0)
    throw new Error(`a page needs the section ${name} exactly once: ${begin(name)}--> … ${end(name)}`);
  const about = `made by tools/generate.ts from ${source}. Do not edit: run npm run generate.`;
  return `${head}${begin(name)}${about} -->\n\n${content.trim()}\n\n${end(name)}${tail}`;
}

/** Whether a page is a person's but for sections that are generated. */
export function hasSection(page: string): boolean {
  return page.includes("<!-- end of section ");
}
