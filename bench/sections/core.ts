import type { KinesisStreamEvent } from 'aws-lambda';
import { decodeBatch } from '../../lambda/batch/decode-batch.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { BlockCollector } from '../../lambda/core/block.ts';
import { decideBatch } from '../../lambda/core/decider.ts';
import { decodeUserRecord } from '../../lambda/core/decode.ts';
import { recordIdOf } from '../../lambda/core/ids.ts';
import type { UserContext } from '../../lambda/core/user.ts';
import { userDecider } from '../../lambda/core/user.ts';
import { windowStartOfAccepted } from '../../lambda/core/user-outputs.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import { clickBatch } from '../events.ts';
import { compare, figureOf, ratioOf } from '../measure.ts';
import { marginMs, run, userEventsWorld } from '../memory-ports.ts';
import type { Row } from '../table.ts';
import { clickingUser } from '../users.ts';

const clicks = 1_000;
/** Few, so that a round's work is in the processor's caches, as a batch is that has just arrived. */
const batches = 4;
const repetitions = 5;
const now = 1_700_000_000_000;

const context: UserContext = {
  toleranceMs: 120_000,
  clockAt: () => undefined,
  now,
  retentionMs: 25 * 3_600_000,
  lottery: () => run,
  refund: () => undefined,
  grant: () => undefined,
};

/**
 * The pure core, from a record's base64 to its outcome and its batch's block, beside the least that any
 * function does with a record; and all of the function on ports that do nothing.
 */
export async function core(): Promise<Row[]> {
  const many = eventsOf((n) => n);
  const few = eventsOf((n) => n % 100);
  const units = clicks * batches * repetitions;
  const world = userEventsWorld(clickingUser, () => now);
  const whole = async () => {
    for (const event of repeated(many)) await processUserEvents(kinesisSource.records(event), world);
  };
  const cpu = await compare(
    {
      floor: { units, work: () => sumOf(many, floor) },
      many: { units, work: () => sumOf(many, decideAll) },
      few: { units, work: () => sumOf(few, decideAll) },
    },
    { rounds: 31, warmUp: 15 },
  );
  // After the others: what it calls the core with has shapes of its own, which a function sees one of only.
  const { all } = await compare({ all: { units, work: whole } }, { rounds: 15, warmUp: 10 });
  const unit = 'µs CPU/event';
  const over = (name: string, values: readonly number[]): Row => ({
    name: `core over the floor, ${name}`,
    unit: '×',
    figure: ratioOf(values, cpu.floor),
    atMost: 3,
  });
  return [
    { name: 'floor: base64 and JSON.parse', unit, figure: figureOf(cpu.floor) },
    { name: 'core, every click another user', unit, figure: figureOf(cpu.many) },
    { name: 'core, 10 clicks per user and batch', unit, figure: figureOf(cpu.few) },
    over('every click another user', cpu.many),
    over('10 clicks per user and batch', cpu.few),
    { name: 'the whole function, on ports that do nothing', unit, figure: figureOf(all) },
  ];
}

function eventsOf(userOf: (n: number) => number): KinesisStreamEvent[] {
  return Array.from({ length: batches }, (_, index) =>
    clickBatch({ first: 1 + index * clicks, clicks, userOf, timeOf: () => now }),
  );
}

function repeated(events: readonly KinesisStreamEvent[]): KinesisStreamEvent[] {
  return Array.from({ length: repetitions }, () => events).flat();
}

/** The sum is there so that no work can be left out. */
function sumOf(events: readonly KinesisStreamEvent[], work: (event: KinesisStreamEvent) => number): number {
  return repeated(events).reduce((sum, event) => sum + work(event), 0);
}

function floor({ Records }: KinesisStreamEvent): number {
  let sum = 0;
  for (const { kinesis } of Records) {
    const value: { timestamp: number } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    sum += value.timestamp;
  }
  return sum;
}

/** As the user-events function does it, without its reads, writes and outputs. @returns the length of the block */
function decideAll(event: KinesisStreamEvent): number {
  const { groups } = decodeBatch(kinesisSource.records(event), decodeUserRecord, ({ userId }) => userId);
  const block = new BlockCollector();
  for (const events of groups.values()) {
    const { outcomes } = decideBatch(userDecider, clickingUser, events, context);
    events.forEach(({ event: click, record }, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind !== 'accepted' || click.type !== 'UserClickEvent') return;
      const windowStart = windowStartOfAccepted(click.timestamp, outcome, run);
      block.add(run, windowStart, [recordIdOf(record.source), click.userId]);
    });
  }
  return block.finish(marginMs)?.text.length ?? 0;
}
