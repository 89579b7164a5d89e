import { expect, it } from 'vitest';
import { topicFindings } from '../../../cli/doctor/topics.ts';
import type { Environment } from '../../../client/environment/open.ts';

const missing = 'Kafka: Unknown topic out-2.';

/** An environment that counts on 24 hours, on topics that are kept for so many. */
function environmentOn(hours: Readonly<Record<string, number>>): Environment {
  const outputs = {
    Connector: 'kafka',
    LotteryEventsInputTopicName: 'in-1',
    UserEventsInputTopicName: 'in-2',
    LotteryEventsOutputTopicName: 'out-1',
    UserEventsOutputTopicName: 'out-2',
  };
  const hoursOf = async (topic: string) => {
    const kept = hours[topic];
    if (kept === undefined) throw new Error(missing);
    return kept;
  };
  const problems = async (topic: string) =>
    (await hoursOf(topic)) > 24 ? [`topic ${topic}: its records are kept too long`] : [];
  const lambda = { send: async () => ({ Environment: { Variables: { STREAM_RETENTION_HOURS: '24' } } }) };
  const environment = {
    name: 'dev',
    outputs,
    clients: { lambda },
    streams: { problems, retentionHours: hoursOf },
  };
  return environment as unknown as Environment;
}

it('finds a topic that is kept too long or is missing, and says what is kept shorter than the functions count on', async () => {
  const found = await topicFindings(environmentOn({ 'in-1': 24, 'in-2': 0.5, 'out-1': 25 }));
  expect(found.map(({ text, isWrong }) => [isWrong, text])).toEqual([
    [
      false,
      'topic in-2 keeps records for 0.5 h, and its environment counts on 24 h: what fails for longer is lost, and retention-near comes too late',
    ],
    [true, 'topic out-1: its records are kept too long'],
    [true, `topic out-2 cannot be looked at: ${missing}`],
  ]);
});
