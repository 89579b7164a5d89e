import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { BucketBlocks, ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { DrawsTable } from '../../lambda/adapters/draws-table.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { OpenDrawsTable } from '../../lambda/adapters/open-draws-table.ts';
import { blockRef, nameOf } from '../../lambda/core/block.ts';
import { type OpenDraws, unionOf, withRounds } from '../../lambda/core/draw-state.ts';
import { drawIdOf } from '../../lambda/core/window.ts';
import { TextMissing } from '../../lambda/ports/text-missing.ts';
import { windowMs } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';
import { itemSize } from './support/dynamo-item-size.ts';

const run = { lotteryId: '1', run: 1 };

const refOf = (block: number) => blockRef(String(block).padStart(64, '0'), 'f'.repeat(64));

/** Draws of the first windows, with as many blocks each. */
function openOf(windows: number, blocks = 1, first = 0): OpenDraws {
  const draws = Array.from({ length: windows }, (_, n) => {
    const key = { ...run, windowStart: (first + n) * windowMs };
    const names = Array.from({ length: blocks }, (_each, block) => refOf(block));
    return [drawIdOf(key), { ...key, dueAt: key.windowStart + 12_251, blocks: names }] as const;
  });
  return Object.fromEntries(draws);
}

export function openDrawsTableContract(tables: StateTables): void {
  describe('open draws', () => {
    let table: DynamoTable;
    let s3: S3Client;
    let lists: ContentBucket;
    let open: OpenDrawsTable;

    beforeEach(async () => {
      table = new DynamoTable(tables.client(), await tables.draws());
      s3 = await tables.bucket();
      lists = new ContentBucket(s3, 'draws', 'lists');
      open = new OpenDrawsTable(table, lists);
    });

    test('of a run are none, then what they were changed to, and no other run’s', async () => {
      expect(await open.open(run)).toEqual({});
      await open.change(run, (known) => unionOf(known, openOf(1)));
      await open.change(run, (known) => unionOf(known, openOf(1, 1, 1)));
      await open.change({ ...run, run: 2 }, () => openOf(9));
      expect(await open.open(run)).toEqual(openOf(2));
      await open.change(run, () => ({}));
      expect(await open.open(run)).toEqual({});
    });

    test('changed at the same time keep what each of them says', async () => {
      await Promise.all([0, 1, 2].map((n) => open.change(run, (known) => unionOf(known, openOf(1, 1, n)))));
      expect(await open.open(run)).toEqual(openOf(3));
    });

    test('that somebody changes at each attempt are an error in the end, and stay as he left them', async () => {
      const other = new OpenDrawsTable(table, lists);
      const meddled = new OpenDrawsTable(table, lists);
      const get = table.get.bind(table);
      let times = 0;
      // After each read of the one, the other one writes.
      table.get = async (key) => {
        const item = await get(key);
        if (times < 6) {
          times += 1;
          const version = Number(item?.version ?? 0);
          const condition = version === 0 ? 'attribute_not_exists(drawId)' : 'version = :loaded';
          const values = version === 0 ? {} : { values: { ':loaded': version } };
          const draws = JSON.stringify(openOf(times));
          await table.putAll([{ item: { ...key, version: version + 1, draws }, condition, ...values }]);
        }
        return item;
      };
      await expect(meddled.change(run, () => ({}))).rejects.toThrow(
        'What is open of 1#1 was changed by others at each of 6 attempts',
      );
      expect(await other.open(run)).toEqual(openOf(6));
    });

    test('of thousands of windows are more than an item holds, and no item', async () => {
      const many = openOf(3_000, 2);
      await open.change(run, () => many);
      expect(itemSize((await table.get({ drawId: '1#1/open' })) ?? {})).toBeLessThan(1_024);
      expect(await open.open(run)).toEqual(many);
      await open.change(run, (known) => ({ ...known, ...openOf(1, 3) }));
      expect(Object.keys(await open.open(run))).toHaveLength(3_000);
      await open.change(run, () => openOf(1));
      expect((await table.get({ drawId: '1#1/open' }))?.draws).toBe(JSON.stringify(openOf(1)));
    });

    test('of which a text is gone are not told, wait for it beside what comes, and are whole when it is back', async () => {
      const many = openOf(3_000);
      await open.change(run, () => many);
      const named = String((await table.get({ drawId: '1#1/open' }))?.draws).replace('lists/', '');
      const text = (await lists.get(named)) ?? '';
      const Key = `lists/${named}`;
      await s3.send(new PutObjectCommand({ Bucket: 'draws', Key, Body: 'another' }));
      const gone = `lists/${named} is missing in the draws bucket, or was changed`;
      await expect(open.open(run)).rejects.toThrow(new TextMissing(gone));
      await open.change(run, (known) => unionOf(known, openOf(1, 1, 4_000)));
      await open.change(run, (known) => unionOf(known, openOf(2, 1, 4_000)));
      await expect(open.open(run)).rejects.toThrow(new TextMissing(gone));
      expect(await open.open({ ...run, run: 2 })).toEqual({});
      await lists.put(named, text);
      expect(await open.open(run)).toEqual({ ...many, ...openOf(2, 1, 4_000) });
      await open.change(run, () => openOf(1));
      expect(await table.get({ drawId: '1#1/open' })).not.toHaveProperty('missing');
      expect(await open.open(run)).toEqual(openOf(1));
    });

    test('with many blocks are short: these lie in lists, which whoever draws reads', async () => {
      const many = openOf(1, 17);
      const [name = '', draw] = Object.entries(many)[0] ?? [];
      await open.change(run, () => ({ ...openOf(1, 16, 1), ...many }));
      await open.change(run, (known) => unionOf(known, openOf(1, 18)));
      await open.change(run, (known) => unionOf(known, { ...many, ...openOf(1, 2, 2) }));
      const lists = [17, 18].map((blocks) =>
        nameOf(JSON.stringify(Object.values(openOf(1, blocks))[0]?.blocks)),
      );
      expect(await open.open(run)).toEqual({
        ...{ ...openOf(1, 16, 1), ...openOf(1, 2, 2) },
        [name]: { ...draw, blocks: [], lists },
      });
      const blocks = new BucketBlocks(s3, 'draws');
      expect(await blocks.listed(lists[0] ?? '')).toEqual(draw?.blocks);
      expect(await blocks.listed('0'.repeat(64))).toBeUndefined();
      for (const text of ['{}', '["x"]', 'no JSON']) {
        await new ContentBucket(s3, 'draws', 'lists').put(nameOf(text), text);
        expect(await blocks.listed(nameOf(text))).toBeUndefined();
      }
    });

    test('that are closed keep their round, whoever adds blocks, and however many', async () => {
      await open.change(run, () => openOf(1));
      await open.change(run, (known) => withRounds(known, new Map([['1@0', 7]])));
      await open.change(run, (known) => unionOf(known, openOf(1, 18)));
      expect(await open.open(run)).toMatchObject({ '1@0': { round: 7, blocks: [] } });
      await open.change(run, (known) =>
        withRounds({ ...known, ...openOf(1, 1, 1) }, new Map([['1@10000', 0]])),
      );
      expect(await open.open(run)).toMatchObject({ '1@0': { round: 7 }, '1@10000': { round: 0 } });
    });

    test('are no draw', async () => {
      await open.change(run, () => openOf(1));
      expect(await new DrawsTable(table, new LongTexts(lists)).drawOf('1@0')).toBeUndefined();
    });
  });
}
