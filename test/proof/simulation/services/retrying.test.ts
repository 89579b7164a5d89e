import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { type AwsAnswer, errorAnswer } from '../../../../local/proxy/aws-call.ts';
import { retrying, simulatedClients } from '../../../../proof/simulation/services/index.ts';

const good: AwsAnswer = { status: 200, headers: {}, body: Buffer.from('{"Shards":[]}') };
const refused = (status: number, type: string) => errorAnswer(status, type, 'refused');

/** Asks once, and gets these answers one after the other. @returns the pauses between attempts, and what came of it */
async function ask(...answers: (AwsAnswer | 'disconnect')[]) {
  const pauses: number[] = [];
  const left = [...answers];
  const { kinesis } = simulatedClients({
    ...{ region: 'us-east-1', caller: 'me' },
    send: async () => left.shift() ?? good,
    retryStrategy: retrying({
      attempts: 4,
      random: () => 0.5,
      async sleep(ms) {
        pauses.push(ms);
      },
    }),
  });
  const result = await kinesis.send(new ListShardsCommand({ StreamName: 'stream' })).then(
    ({ Shards }) => Shards,
    ({ name }: Error) => name,
  );
  return { result, pauses };
}

test('what may pass is tried again, after longer and longer pauses', async () => {
  const troubles = [refused(400, 'ProvisionedThroughputExceededException'), refused(500, 'InternalFailure')];
  expect(await ask(...troubles, 'disconnect')).toEqual({ result: [], pauses: [50, 100, 200] });
});

test('after so many attempts it is given up', async () => {
  const trouble = refused(400, 'ProvisionedThroughputExceededException');
  const { result, pauses } = await ask(trouble, trouble, trouble, trouble, good);
  expect([result, pauses.length]).toEqual(['ProvisionedThroughputExceededException', 3]);
});

test('what is refused for good is not tried again', async () => {
  const { result, pauses } = await ask(refused(400, 'ResourceNotFoundException'), good);
  expect([result, pauses]).toEqual(['ResourceNotFoundException', []]);
});
