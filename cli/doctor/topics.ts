import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Environment } from '../../client/environment/open.ts';
import { outerOf } from '../../client/environment/output.ts';
import { isKafka, type OuterName, outerNames } from '../../client/streams/open.ts';
import { type Finding, said, wrong } from './findings.ts';

/** What of the topics is not as the functions need it; nothing where the outer streams are Kinesis's: those are the app's own. */
export async function topicFindings(environment: Environment): Promise<Finding[]> {
  if (!isKafka(environment.outputs)) return [];
  const retentionHours = await retentionOf(environment);
  const all = outerNames.map((name) => findingsOf(environment, name, retentionHours));
  return (await Promise.all(all)).flat();
}

/** How long records have to be kept: the alarm that they are about to be lost counts on it. */
async function retentionOf({ name, clients }: Environment): Promise<number> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: `${name}-user-events` });
  const { Environment: of } = await clients.lambda.send(command);
  return Number(of?.Variables?.STREAM_RETENTION_HOURS ?? 0);
}

async function findingsOf(
  environment: Environment,
  name: OuterName,
  retentionHours: number,
): Promise<Finding[]> {
  const topic = outerOf(environment, name);
  try {
    const { streams } = environment;
    const problems = await streams.problems(topic, retentionHours);
    const hours = await streams.retentionHours(topic);
    return [
      ...problems.map((problem) => wrong('topics', problem)),
      ...shortFindings(topic, hours, retentionHours),
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [wrong('topics', `topic ${topic} cannot be looked at: ${message}`)];
  }
}

/** A topic's owner may keep less: it is only less time, which the alarm does not know of. */
function shortFindings(topic: string, hours: number, retentionHours: number): Finding[] {
  if (hours < 0 || hours >= retentionHours) return [];
  const kept = `topic ${topic} keeps records for ${Number(hours.toFixed(2))} h, and its environment counts on ${retentionHours} h`;
  return [said('topics', `${kept}: what fails for longer is lost, and retention-near comes too late`)];
}
