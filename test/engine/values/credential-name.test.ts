import { describe, expect, it } from "vitest";
import { isCredentialName } from "../../../src/engine/values/credential-name.ts";

const none = { names: [], ignore: [] };

describe("a credential-like name", () => {
  it.each([
    "password",
    "DB_PASSWORD",
    "mysqlpasswd",
    "passPhrase",
    "client-secret",
    "SECRET_KEY_BASE",
    "GITHUB_TOKEN",
    "tokens.main",
    "MY_CREDENTIAL_A",
    "credentials",
    "BEARER",
    "htpasswd",
    "ConnectionString",
    "CONNECTION_STRING",
    "connection.string",
    "connection-string",
    "keyContent",
    "KEY_CONTENT",
    "API_KEY",
    "apikey",
    "access.key",
    "AWS_SECRET_ACCESS_KEY",
    "PRIVATE-KEY",
    "auth_key",
    "ENCRYPTION_KEY",
    "SIGNING_KEY",
    "client_key",
    "ACCOUNT_KEY",
    "storage-key",
    "BATCH_KEY",
    "MASTER_KEY",
    "shared_key",
    "ssh-key",
    "PWD",
    "db.pwd",
    "DB_PWD_OLD",
    "pass",
    "redis-pass",
    "JWT",
    "jwt_main",
    "NOPASSWORD",
    "nosecret",
    "reuse_token",
    "MY_NO_PASSWORD",
  ])("is %s", (name) => {
    expect(isCredentialName(name, none)).toBe(true);
  });

  it.each(["", "KEY", "USER", "OLDPWDX", "compass", "passage", "jwts", "author", "MONKEY", "cache_key", "api__key"])(
    "is not %j, which says nothing of the kind",
    (name) => {
      expect(isCredentialName(name, none)).toBe(false);
    },
  );

  it.each([
    "use_token",
    "ENABLE-SECRET",
    "disable.password",
    "ALLOW_PASSWORD",
    "no-password",
    "SKIP_TOKEN",
    "require_password",
  ])("is not %s, which is a switch", (name) => {
    expect(isCredentialName(name, none)).toBe(false);
  });

  it.each(["JWT_PUBLIC_KEY_TOKEN", "public-key-secret", "publickey.token", "token.public.key"])(
    "is not %s, which is public",
    (name) => {
      expect(isCredentialName(name, none)).toBe(false);
    },
  );

  const endings =
    "file path dir url uri host name ref id ttl expiry expiration expires expir lifetime length size policy type header enabled mount arn region issuer audience endpoint version count rotation provider store class namespace volume annotation env selector prefix files names paths refs";
  it.each(endings.split(" "))("is not what ends in %s", (ending) => {
    expect(isCredentialName(`TOKEN_${ending}`, none)).toBe(false);
    expect(isCredentialName(`secret${ending.toUpperCase()}`, none)).toBe(false);
    expect(isCredentialName(`TOKEN_${ending}_1`, none)).toBe(true);
  });

  it.each(["pull-secret", "image_pull_secrets", "IMAGEPULLSECRET", "registry.pull.secrets"])("is not %s", (name) => {
    expect(isCredentialName(name, none)).toBe(false);
  });

  it("may be added, anywhere in the name and in any letter case", () => {
    expect(isCredentialName("MY_SALT_2", { names: ["salt", "pepper"], ignore: [] })).toBe(true);
    expect(isCredentialName("MY_SALT_2", { names: ["^salt"], ignore: [] })).toBe(false);
  });

  it("is not made one by being added, where it is about a credential only", () => {
    expect(isCredentialName("SALT_FILE", { names: ["salt"], ignore: [] })).toBe(false);
  });

  it("may be ignored, anywhere in the name and in any letter case", () => {
    expect(isCredentialName("CSRF_TOKEN_2", { names: [], ignore: ["csrf_token"] })).toBe(false);
    expect(isCredentialName("CSRF_TOKEN_2", { names: ["token"], ignore: ["token$", "csrf"] })).toBe(false);
    expect(isCredentialName("CSRF_TOKEN_2", { names: [], ignore: ["token$"] })).toBe(true);
  });
});
