import type { KafkaClient } from '../../lambda/adapters/kafka/kafka-client.ts';
import { kafkaConnector } from '../../lambda/adapters/kafka/kafka-connector.ts';
import { kinesisConnector } from '../../lambda/adapters/kinesis-connector.ts';
import { kafkaSource } from '../../lambda/batch/kafka-source.ts';
import { processorNames, readEnvironment } from '../../lambda/contract/variables.ts';
import { wireArchive } from '../../lambda/functions/archive/wiring.ts';
import { wireDraw } from '../../lambda/functions/draw/wiring.ts';
import { wireLotteryEvents } from '../../lambda/functions/lottery-events/wiring.ts';
import type { Resources } from '../../lambda/functions/resources.ts';
import { wireTicks } from '../../lambda/functions/ticks/wiring.ts';
import { wireUserEvents } from '../../lambda/functions/user-events/wiring.ts';
import type { Connector } from '../../lambda/ports/connector.ts';

type Variables = Readonly<Record<string, string>>;
/** What Lambda hands over is JSON: whether it is the event that the function expects is the mapping's to see to. */
type Work = (event: never) => Promise<unknown>;

type Processor = (typeof processorNames)[number];

type Wiring = <Event, Response>(
  variables: Variables,
  resources: Resources,
  connector: Connector<Event, Response>,
) => Work;

const wirings: Readonly<Record<Processor, Wiring>> = {
  archive: (variables, resources, connector) =>
    wireArchive(readEnvironment('archive', variables), resources, connector),
  draw: (variables, resources, connector) =>
    wireDraw(readEnvironment('draw', variables), resources, connector),
  'lottery-events': (variables, resources, connector) =>
    wireLotteryEvents(readEnvironment('lottery-events', variables), resources, connector),
  ticks: (variables, resources, connector) =>
    wireTicks(readEnvironment('ticks', variables), resources, connector),
  'user-events': (variables, resources, connector) =>
    wireUserEvents(readEnvironment('user-events', variables), resources, connector),
};

/** What functions work with: AWS, and the brokers where the outer streams are topics. */
export interface Outside {
  readonly resources: Resources;
  readonly kafka: KafkaClient;
}

/**
 * The code of a function, as its handler puts it together, on other resources.
 * @param functionName with the environment's prefix
 * @throws Error when there is no such function, or a variable is missing
 */
export function loadFunction(
  functionName: string,
  variables: Variables,
  { resources, kafka }: Outside,
): (event: unknown) => Promise<unknown> {
  const name = processorNames.find((each) => functionName.endsWith(`-${each}`));
  if (name === undefined) throw new Error(`${functionName} is none of the app's functions`);
  const { kinesis, retry } = resources;
  const source = kafkaSource({ reportsFailures: variables.KAFKA_REPORTS_FAILURES === 'on' });
  const work = isOnKafka(variables)
    ? wirings[name](variables, resources, kafkaConnector(kafka, { source, retry }))
    : wirings[name](variables, resources, kinesisConnector(kinesis, retry));
  return (event) => work(event as never);
}

/** Some only read topics, others only write there. */
function isOnKafka(variables: Variables): boolean {
  return 'KAFKA_BOOTSTRAP_SERVERS' in variables || 'KAFKA_REPORTS_FAILURES' in variables;
}
