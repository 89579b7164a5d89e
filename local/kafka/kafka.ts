import type { KafkaSettings, RuntimeSettings } from '../runtime-options.ts';
import { startBroker } from './broker.ts';
import { EMBEDDED } from './embedded.ts';
import { ensureTopics } from './topics.ts';

/** Its port, after those of the services. */
const PORT = 5;

/** The brokers of a run, with what is to be told of them. */
export interface RunningKafka {
  bootstrapServers: string;
  variables: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  /** Ends a broker of the runtime's own; others stay. */
  stop(): Promise<void>;
}

/**
 * Starts a broker or finds those that are there, and has the app's topics on them.
 * @throws KafkaError in a line: see startBroker and ensureTopics. What was started is stopped then.
 */
export async function startKafka(
  { brokers, topics, variables, outputs }: KafkaSettings,
  { port = 0, dataDir, observer }: Pick<RuntimeSettings, 'port' | 'dataDir' | 'observer'>,
): Promise<RunningKafka> {
  const broker =
    brokers === EMBEDDED
      ? await startBroker({
          port: port === 0 ? 0 : port + PORT,
          dataDir,
          onFailure: (error) => observer?.({ type: 'engineFailed', error }),
        })
      : { bootstrapServers: brokers, stop: async () => {} };
  const { bootstrapServers } = broker;
  try {
    await ensureTopics(bootstrapServers, topics);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  return {
    bootstrapServers,
    variables: variables(bootstrapServers),
    outputs: outputs(bootstrapServers),
    stop: () => broker.stop(),
  };
}
