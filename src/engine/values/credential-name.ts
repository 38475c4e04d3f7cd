import { remembering } from "../interning.ts";
import { findsPattern } from "./pattern.ts";

/** What a user adds to or takes from the names, as RE2 patterns that match anywhere in a name, in any letter case. */
export interface CredentialNameOptions {
  readonly names: readonly string[];
  readonly ignore: readonly string[];
}

/** Words that name a credential wherever they stand. */
const anywhere =
  /pass(?:word|wd|phrase)|secret|token|credential|bearer|htpasswd|connection[_.-]?string|key[_.-]?content|(?:api|access|private|auth|encryption|signing|client|account|storage|batch|master|shared|ssh)[_.-]?key/i;

/** Words that do so only where they stand alone. */
const asWord = /(?:^|[_.-])(?:pwd|pass|jwt)(?:$|[_.-])/i;

/** A switch. */
const switchLike = /^(?:use|enable|disable|allow|no|skip|require)[_.-]/i;

const publicKey = /public[_.-]?key/i;

/** Something about a credential, such as where it lies or how long it lasts. */
const about =
  /(?:(?:file|path|dir|url|uri|host|name|ref|id|ttl|expir[a-z]*|lifetime|length|size|policy|type|header|enabled|mount|arn|region|issuer|audience|endpoint|version|count|rotation|provider|store|class|namespace|volume|annotation|env|selector|prefix)|pull[_.-]?secret)s?$/i;

/** The same names stand in all containers of a cluster. */
const maxRemembered = 10_000;
const namesCredential = remembering((name) => anywhere.test(name) || asWord.test(name), maxRemembered);
const namesOther = remembering(
  (name) => switchLike.test(name) || publicKey.test(name) || about.test(name),
  maxRemembered,
);

/** Whether a variable, flag or key of this name holds a credential, by its name alone. */
export function isCredentialName(name: string, { names, ignore }: CredentialNameOptions): boolean {
  return (namesCredential(name) || findsAny(names, name)) && !namesOther(name) && !findsAny(ignore, name);
}

function findsAny(patterns: readonly string[], name: string): boolean {
  for (const pattern of patterns) if (findsPattern(pattern, name)) return true;
  return false;
}
