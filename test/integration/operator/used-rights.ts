import { appendFileSync, existsSync, readFileSync } from "node:fs";

interface Audited {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly apiGroup?: string; readonly resource: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
}

/**
 * Notes which rights an account has made use of, `apps/deployments list` a line, in the file that PAWL_USED_RIGHTS names; nothing
 * without it. What was refused is no use.
 */
export function noteUsedRights(auditLog: string, username: string): void {
  const file = process.env.PAWL_USED_RIGHTS;
  if (file === undefined || !existsSync(auditLog)) return;
  const used = new Set<string>();
  for (const line of readFileSync(auditLog, "utf8").split("\n")) {
    // The last line may be half written.
    if (!line.endsWith("}")) continue;
    const { verb, user, objectRef, responseStatus } = JSON.parse(line) as Audited;
    if (user.username !== username || objectRef === undefined || responseStatus?.code === 403) continue;
    const { apiGroup = "", resource, subresource } = objectRef;
    used.add(`${apiGroup}/${resource}${subresource === undefined ? "" : `/${subresource}`} ${verb}`);
  }
  appendFileSync(file, [...used].map((right) => `${right}\n`).join(""));
}
