import { unused } from './unused.ts';

/**
 * In the place of the SDK's event streams, which are of calls that no function makes, such as SubscribeToShard and
 * SelectObjectContent. Clients name them in their configuration.
 */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export const eventStreamSerdeProvider = unused;
export const EventStreamSerde = unused;
