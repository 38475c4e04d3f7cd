/** The cluster's configuration cannot be used: says what and where. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
