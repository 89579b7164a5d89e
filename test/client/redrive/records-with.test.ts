import { expect, it } from 'vitest';
import { recordsWith } from '../../../client/redrive/records-with.ts';
import { maximumOfOneKey } from '../../../lambda/batch/aggregated-records.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { writeAggregate } from '../../../lambda/core/kpl.ts';
import { kinesisRecord } from '../../support/records.ts';

const click = { type: 'UserClickEvent', userId: 1 };
const event = { partitionKey: '1', data: Buffer.from(JSON.stringify(click)) };
const plain = kinesisRecord(1, click);
const broken = kinesisRecord(2, writeAggregate([]));
const two = kinesisRecord(3, writeAggregate([event, event]));

it('takes records as they are of which all is wanted, and none of which nothing is', () => {
  const all = [plain.eventID, broken.eventID, `${two.eventID}:0`, `${two.eventID}:1`];
  expect(recordsWith([plain, broken, two], new Set(all))).toEqual([plain, broken, two]);
  expect(recordsWith([plain, broken, two], new Set())).toEqual([]);
});

it('leaves what a record has too many of refused as it was', () => {
  const events = Array.from({ length: maximumOfOneKey + 2 }, () => event);
  const record = kinesisRecord(4, writeAggregate(events));
  const left = recordsWith([record], new Set([`${record.eventID}:1`]));
  const inner = kinesisSource.records({ Records: left });
  expect(inner.map(({ data }) => JSON.parse(data.toString()).type)).toEqual([
    ...['Heartbeat', 'UserClickEvent', ...Array(maximumOfOneKey - 2).fill('Heartbeat')],
    ...['UserClickEvent', 'UserClickEvent'],
  ]);
  expect(inner.at(-1)?.rejection?.reason).toBe('TOO_MANY_IN_RECORD');
});

it('keeps places beside events that are too short, which come again together or not at all', () => {
  const short = { partitionKey: '2', data: Buffer.from('x') };
  const record = kinesisRecord(5, writeAggregate([short, event, short, event, short, short, short, short]));
  const of = (...wanted: string[]) =>
    kinesisSource
      .records({ Records: recordsWith([record], new Set(wanted)) })
      .map(({ source, data, rejection }) => [
        source.index,
        rejection?.reason ?? JSON.parse(data.toString()).type,
      ]);
  const heartbeats = [0, 2, 4, 5, 6, 7].map((index) => [index, 'Heartbeat']);
  expect(of(`${record.eventID}:3`).toSorted()).toEqual(
    [...heartbeats, [1, 'Heartbeat'], [3, 'UserClickEvent']].toSorted(),
  );
  expect(of(record.eventID)).toEqual([
    [1, 'Heartbeat'],
    [3, 'Heartbeat'],
    [undefined, 'INVALID_AGGREGATE'],
  ]);
  // Its outcome is the one that it had: replacing the others does not show in it.
  const refused = (records: Parameters<typeof recordsWith>[0]) =>
    kinesisSource.records({ Records: [...records] }).find(({ rejection }) => rejection !== undefined);
  expect(refused(recordsWith([record], new Set([record.eventID])))).toEqual(refused([record]));
});
