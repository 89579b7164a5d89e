/** In the place of what lets extensions change a client's configuration: `clients.ts` gives none. */
export function resolveRuntimeExtensions<Config>(config: Config): Config {
  return config;
}
