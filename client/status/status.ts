import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { idToWire } from '../../lambda/core/ids.ts';
import { readDraws } from '../draws-of-run.ts';
import type { Environment } from '../environment/open.ts';
import { outputOf } from '../environment/output.ts';
import { type Run, type RunNow, runNow } from '../lotteries.ts';
import { type Mapping, readMappings } from '../mappings.ts';
import { type OpenDrawNow, type OpenDrawsOptions, readOpenDraws } from './open-draws.ts';
import { readWatermarks, type Watermarks } from './shards.ts';
import { type Conditions, waitsFor } from './waits.ts';

/** Windows whose winners are looked for, from now back, and how many of them are told. */
const WINDOWS_BACK = 100;
const LAST_WINNERS = 5;

/** How far the functions are. */
export interface PipelineNow extends Watermarks {
  readonly mappings: readonly Mapping[];
  /** Messages of the queue of ticks, about: `delayed` are those of draws and ends to come. */
  readonly queue: { readonly visible: number; readonly inFlight: number; readonly delayed: number };
}

export interface Winner {
  readonly windowStart: number;
  readonly userId: number | string;
  readonly entries: number;
  readonly prize?: string;
}

export interface LotteryNow extends RunNow {
  /** Of the window of now, as far as they are counted. */
  readonly entries: number;
  /** Until the end of the window of now, ms; absent when there is none. */
  readonly endsInMs?: number;
  readonly openDraws: readonly (OpenDrawNow & { waitsFor: string })[];
  /** The latest first. */
  readonly lastWinners: readonly Winner[];
  /** Clicks that arrived later, ms, may not be among the entries; absent where there is no shard of clicks. */
  readonly countedUpTo?: number;
  /** Where something that has arrived is not counted yet. */
  readonly isBehind: boolean;
}

export async function readPipeline(options: Omit<OpenDrawsOptions, 'signal'>): Promise<PipelineNow> {
  const { environment, clock } = options;
  const [watermarks, mappings, queue] = await Promise.all([
    readWatermarks(environment, clock),
    readMappings(environment),
    queueOf(environment),
  ]);
  return { ...watermarks, mappings, queue };
}

async function queueOf(environment: Environment): Promise<PipelineNow['queue']> {
  const { Attributes = {} } = await environment.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: outputOf(environment, 'TicksQueueUrl'),
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** Where the run of now stands. */
export async function readLottery(
  options: OpenDrawsOptions,
  run: Run,
  pipeline: PipelineNow,
): Promise<LotteryNow> {
  const { environment, clock } = options;
  const [open, { draws }] = await Promise.all([
    readOpenDraws(options, run),
    readDraws(environment, run, { most: WINDOWS_BACK, clock }),
  ]);
  const now = clock.now();
  const conditions: Conditions = { now, watermarks: pipeline, mappings: pipeline.mappings };
  const clicks = pipeline.shards.filter(({ shard }) => shard.startsWith('user/'));
  const countedUpTo = Math.min(...clicks.map(({ watermark = 0 }) => watermark));
  const lottery = runNow(run, now);
  const current = open.find(({ windowStart }) => windowStart === lottery.windowStart);
  return {
    ...lottery,
    entries: current?.entries ?? 0,
    ...(lottery.windowEnd !== undefined && { endsInMs: lottery.windowEnd - now }),
    openDraws: open.map((draw) => ({ ...draw, waitsFor: waitsFor(draw, run, conditions) })),
    lastWinners: draws
      .slice(-LAST_WINNERS)
      .reverse()
      .map(({ windowStart, winner, entries, prize }) => ({
        ...{ windowStart, userId: idToWire(winner.userId), entries },
        ...(prize !== undefined && { prize }),
      })),
    ...(clicks.length > 0 && { countedUpTo }),
    isBehind: clicks.some(({ behindMs }) => behindMs > 0),
  };
}
