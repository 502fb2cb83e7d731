/** A setting whose text does not fit; its message names the variable, flag or file. The process ends with exit code 2. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}
