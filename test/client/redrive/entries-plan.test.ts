import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { planEntries } from '../../../client/redrive/entries-plan.ts';
import { blockRef } from '../../../lambda/core/block.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { kinesisRecord } from '../../support/records.ts';
import { failedBatch, resourcesOf } from './support.ts';

it('puts a partial for each block of the state, the partials and then the ticks of a batch of the draw', async () => {
  const memory = inMemoryServices();
  await memory.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'in' }));
  const draw = { lotteryId: '1', run: 1, windowStart: 0, dueAt: 12_250 };
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => blockRef(digit.repeat(64), '0'.repeat(64)));
  const tick = { type: 'Tick', lotteryId: '1', run: 1, windowStart: 0 };
  const partial = (block: string | undefined) => ({ type: 'PartialDraw', ...draw, block });
  const records = [tick, partial(c), 'not json'].map((value, index) => kinesisRecord(index + 1, value));
  const state = { draws: { '1@0': { ...draw, blocks: [a ?? '', b ?? ''] } } };
  const plan = await planEntries(failedBatch(records, { state }), resourcesOf(memory));
  expect(plan).toMatchObject({
    counts: { 'to put again': 2, 'of its state to put': 2, unreadable: 1 },
    ...{ undecided: [], replaced: [] },
  });
  expect(await plan.redrive()).toEqual([]);
  const put = memory.services
    .records('in')
    .map(({ partitionKey, data }) => [partitionKey, JSON.parse(String(Buffer.from(data)))]);
  expect(put).toEqual([partial(a), partial(b), partial(c), tick].map((record) => ['1', record]));
});
