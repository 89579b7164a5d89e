/**
 * In the place of what asks DynamoDB for its endpoints, for who asks for it by a variable, which no function
 * has: DynamoDB has one endpoint a region.
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** What would look at that variable. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
