import { kinesisConnector } from '../../lambda/adapters/kinesis-connector.ts';
import { processorNames, readEnvironment } from '../../lambda/contract/variables.ts';
import { wireArchive } from '../../lambda/functions/archive/wiring.ts';
import { wireDraw } from '../../lambda/functions/draw/wiring.ts';
import { wireLotteryEvents } from '../../lambda/functions/lottery-events/wiring.ts';
import type { Resources } from '../../lambda/functions/resources.ts';
import { wireTicks } from '../../lambda/functions/ticks/wiring.ts';
import { wireUserEvents } from '../../lambda/functions/user-events/wiring.ts';

type Variables = Readonly<Record<string, string>>;
/** What Lambda hands over is JSON: whether it is the event that the function expects is the mapping's to see to. */
type Work = (event: never) => Promise<unknown>;

type Processor = (typeof processorNames)[number];

const onKinesis = ({ kinesis, retry }: Resources) => kinesisConnector(kinesis, retry);

const wirings: Readonly<Record<Processor, (variables: Variables, resources: Resources) => Work>> = {
  archive: (variables, resources) =>
    wireArchive(readEnvironment('archive', variables), resources, onKinesis(resources)),
  draw: (variables, resources) =>
    wireDraw(readEnvironment('draw', variables), resources, onKinesis(resources)),
  'lottery-events': (variables, resources) =>
    wireLotteryEvents(readEnvironment('lottery-events', variables), resources, onKinesis(resources)),
  ticks: (variables, resources) =>
    wireTicks(readEnvironment('ticks', variables), resources, onKinesis(resources)),
  'user-events': (variables, resources) =>
    wireUserEvents(readEnvironment('user-events', variables), resources, onKinesis(resources)),
};

/**
 * The code of a function, as its handler puts it together, on other resources.
 * @param functionName with the environment's prefix
 * @throws Error when there is no such function, or a variable is missing
 */
export function loadFunction(
  functionName: string,
  variables: Variables,
  resources: Resources,
): (event: unknown) => Promise<unknown> {
  const name = processorNames.find((each) => functionName.endsWith(`-${each}`));
  if (name === undefined) throw new Error(`${functionName} is none of the app's functions`);
  const work = wirings[name](variables, resources);
  return (event) => work(event as never);
}
