/** No segment that is empty, `.` or `..`; one that begins with a dot takes the long way. */
const alreadyClean = /^(?:\/[^/.][^/]*)+$/;

/** The path as the kernel walks it: no doubled or trailing slashes, `.` and `..` resolved, never above the root. */
export function cleanPath(path: string): string {
  if (alreadyClean.test(path)) return path;
  const clean: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") clean.pop();
    else if (segment !== "" && segment !== ".") clean.push(segment);
  }
  return `/${clean.join("/")}`;
}

/** Whether `path` is `parent` or lies below it, by whole segments: `/data2` is not below `/data`. */
export function isAtOrBelow(path: string, parent: string): boolean {
  const [inner, outer] = [cleanPath(path), cleanPath(parent)];
  return outer === "/" || inner === outer || inner.startsWith(`${outer}/`);
}
