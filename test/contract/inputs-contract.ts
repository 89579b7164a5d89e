import { describe, expect, test } from 'vitest';
import { KinesisInputs } from '../../lambda/adapters/kinesis-inputs.ts';
import { noWaiting } from '../support/sdk-clients.ts';
import type { ServiceBackend } from './support/service-backends.ts';
import type { TestStream } from './support/test-stream.ts';

const MIDDLE = (2n ** 127n).toString();

/** The shards of the input streams, as the functions see them: through resharding, and each with its heartbeat. */
export function inputsContract(
  running: () => ServiceBackend,
  create: (shards?: number) => Promise<TestStream>,
): void {
  describe('that are inputs', () => {
    const inputsOf = (user: TestStream, lottery?: TestStream) =>
      new KinesisInputs(
        running().kinesis,
        { user: user.name, ...(lottery && { lottery: lottery.name }) },
        noWaiting(),
      );
    const idsOf = async (stream: TestStream) =>
      (await stream.openShards()).map(({ ShardId = '' }) => ShardId);

    test('have the shards that are open, of both', async () => {
      const [user, lottery] = [await create(2), await create()];
      const [first = ''] = await idsOf(user);
      await user.split(first, (2n ** 126n).toString());
      const open = await inputsOf(user, lottery).open();
      const expected = [
        ...(await idsOf(lottery)).map((shardId) => ({ input: 'lottery', shardId })),
        ...(await idsOf(user)).map((shardId) => ({ input: 'user', shardId })),
      ];
      expect(open).toMatchObject(expected);
      expect(open).toHaveLength(4);
    });

    test('have a heartbeat put on each shard that is asked for, and on no other', async () => {
      const [user, lottery] = [await create(3), await create()];
      const inputs = inputsOf(user, lottery);
      const open = await inputs.open();
      const asked = open.filter(({ input }, index) => input === 'lottery' || index % 2 === 1);
      await inputs.send(asked, { type: 'Heartbeat', time: 7 });
      for (const shard of open) {
        const texts = await (shard.input === 'user' ? user : lottery).texts(shard.shardId);
        expect(texts).toEqual(asked.includes(shard) ? ['{"type":"Heartbeat","time":7}'] : []);
      }
    });

    test('know what a shard comes from: parents, theirs, and adjacent ones', async () => {
      const stream = await create();
      const [root = ''] = await idsOf(stream);
      await stream.split(root, MIDDLE);
      const [left = '', right = ''] = await idsOf(stream);
      await stream.merge(left, right);
      const [child = ''] = await idsOf(stream);
      const inputs = inputsOf(stream);
      const ancestorsOf = async (shardId: string) =>
        (await inputs.ancestors({ input: 'user', shardId })).map((each) => each.shardId).toSorted();
      expect(await ancestorsOf(child)).toEqual([root, left, right].toSorted());
      expect(await ancestorsOf(left)).toEqual([root]);
      expect(await ancestorsOf(root)).toEqual([]);
      expect(await inputs.ancestors({ input: 'lottery', shardId: child })).toEqual([]);
    });
  });
}
