import type { KinesisStreamEvent } from 'aws-lambda';
import { decodeUserRecord } from '../../lambda/core/decode.ts';
import { recordIdOf } from '../../lambda/core/ids.ts';
import { PartialDraws } from '../../lambda/core/partial-draw.ts';
import type { UserContext } from '../../lambda/core/user.ts';
import { decideUser } from '../../lambda/core/user.ts';
import { clickWindowStart } from '../../lambda/core/window.ts';
import { decodeBatch } from '../../lambda/kinesis-batch.ts';
import { processUserEvents } from '../../lambda/user-events/process.ts';
import { clickBatch } from '../events.ts';
import { compare } from '../measure.ts';
import { run, timing, userEventsWorld } from '../memory-ports.ts';
import type { Row } from '../table.ts';
import { clickingUser } from '../users.ts';

const clicks = 1_000;
const batches = 20;
const now = 1_700_000_000_000;

const context: UserContext = {
  timing: { ...timing, toleranceMs: 120_000 },
  now,
  retentionMs: 25 * 3_600_000,
  lottery: () => run,
  refund: () => undefined,
};

/**
 * The pure core, from a record's base64 to its outcome and its batch's partial, beside the least that any
 * function does with a record; and all of the function on ports that do nothing.
 */
export async function core(): Promise<Row[]> {
  const many = eventsOf((n) => n);
  const few = eventsOf((n) => n % 100);
  const units = clicks * batches;
  const world = userEventsWorld(clickingUser, () => now);
  const whole = async () => {
    for (const event of many) await processUserEvents(event, world);
  };
  const figures = await compare(
    {
      floor: { units, work: () => many.reduce((sum, event) => sum + floor(event), 0) },
      many: { units, work: () => many.reduce((sum, event) => sum + decideBatch(event), 0) },
      few: { units, work: () => few.reduce((sum, event) => sum + decideBatch(event), 0) },
      whole: { units, work: whole },
    },
    { rounds: 21, warmUp: 10 },
  );
  const over = (figure: { median: number }) => figure.median / figures.floor.median;
  const unit = 'µs CPU/event';
  return [
    { name: 'floor: base64 and JSON.parse', unit, figure: figures.floor },
    { name: 'core, every click another user', unit, figure: figures.many },
    { name: 'core, 10 clicks per user and batch', unit, figure: figures.few },
    {
      name: 'core over the floor, every click another user',
      unit: '×',
      value: over(figures.many),
      atMost: 3,
    },
    {
      name: 'core over the floor, 10 clicks per user and batch',
      unit: '×',
      value: over(figures.few),
      atMost: 3,
    },
    { name: 'the whole function, on ports that do nothing', unit, figure: figures.whole },
  ];
}

function eventsOf(userOf: (n: number) => number): KinesisStreamEvent[] {
  return Array.from({ length: batches }, (_, index) =>
    clickBatch({ first: 1 + index * clicks, clicks, userOf, timeOf: () => now }),
  );
}

function floor({ Records }: KinesisStreamEvent): number {
  let sum = 0;
  for (const { kinesis } of Records) {
    const value: { timestamp: number } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    sum += value.timestamp;
  }
  return sum;
}

/** As the user-events function does it, without its reads, writes and outputs. @returns the entries */
function decideBatch({ Records }: KinesisStreamEvent): number {
  const { groups } = decodeBatch(Records, decodeUserRecord, ({ userId }) => userId, 1);
  const partials = new PartialDraws();
  for (const events of groups.values()) {
    const { outcomes } = decideUser(clickingUser, events, context);
    events.forEach(({ event, record }, index) => {
      if (outcomes[index]?.kind !== 'accepted' || event.type !== 'UserClickEvent') return;
      const windowStart = clickWindowStart(event.timestamp, record.arrival, context.timing);
      partials.add(run, windowStart, recordIdOf(record.source), event.userId);
    });
  }
  return partials.list().reduce((sum, { entries }) => sum + entries, 0);
}
