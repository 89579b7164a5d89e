import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { replay } from '../../../cli/start/replay.ts';
import { route } from '../../../client/event-lines.ts';
import { Expectations } from '../../../client/expectations.ts';
import { Follower } from '../../../client/follower.ts';
import { type OutputEvent, parseOutputEvent } from '../../../client/output-events.ts';
import { ownBeacon } from '../../../client/own-beacon.ts';
import { Producer } from '../../../client/producer.ts';
import { ReplayClock } from '../../../client/replay-clock.ts';
import { lotteryResources } from '../../../client/resources.ts';
import { openStreams } from '../../../client/streams/open.ts';
import { systemClock } from '../../../local/clock.ts';
import type { Assembly } from '../../../local/cloudformation/assembly.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Runtime, RuntimeSettings } from '../../../local/runtime-options.ts';
import { type SharedAssemblyOptions, sharedAssembly } from '../../support/shared-assembly.ts';

/** Shorter than a test may take, so that a stall names what is missing. */
const STALL_MS = 180_000;

/** The dev environment with windows short enough to wait for. */
export function synthesizeDev(): Promise<Assembly> {
  return sharedAssembly(shortWindows);
}

/** Drawn at once: with the beacon are the runs of `npm start`, and the soak. */
export const shortWindows: SharedAssemblyOptions = {
  environment: 'dev',
  context: {
    'dev:windowSeconds': 2,
    'dev:graceSeconds': 3,
    'dev:clockToleranceSeconds': 'off',
    'dev:randomness': 'seed',
    'dev:livePage': 'off',
    // A mapping is caught up once its last batch is there.
    'dev:archiveBatchingSeconds': 0,
  },
};

export interface Played {
  /** Everything on the two output streams, in order per shard. */
  events: OutputEvent[];
  ofType<Type extends OutputEvent['type']>(type: Type): Extract<OutputEvent, { type: Type }>[];
  runtime: Runtime;
  coupons(userId: string): Promise<number>;
}

export interface PlayOptions extends Partial<RuntimeSettings> {
  assembly: Assembly;
  /** Called before the first event is put. */
  onStarted?: (runtime: Runtime) => void;
}

/**
 * Runs the pipeline, puts the events (objects as JSON, text as it is) and waits until all is processed and
 * drawn. The caller stops the runtime.
 */
export async function playEvents(
  events: readonly (object | string)[],
  { assembly, onStarted, ...options }: PlayOptions,
): Promise<Played> {
  const runtime = await startRuntime({ ...ownBeacon, ...options, assembly });
  onStarted?.(runtime);
  const received: OutputEvent[] = [];
  await play(runtime, events, received).catch(async (error: unknown) => {
    await runtime.stop();
    throw error;
  });
  return {
    events: received,
    ofType: (type) => received.filter((event) => isOfType(event, type)),
    runtime,
    coupons: (userId) => couponsOf(runtime, userId),
  };
}

async function play(
  runtime: Runtime,
  events: readonly (object | string)[],
  received: OutputEvent[],
): Promise<void> {
  const resources = lotteryResources(runtime);
  const outer = await openStreams(runtime.outputs, runtime.clients.kinesis);
  const clock = systemClock;
  const ending = new AbortController();
  const { windowMs, graceMs } = resources;
  const expectations = new Expectations({ windowMs, now: () => clock.now(), isReplay: true });
  const follower = new Follower({
    outer,
    clock,
    streams: [resources.lotteryEventsOutput, resources.userEventsOutput],
    onRecord({ data, stream }) {
      const event = parseOutputEvent(data);
      expect(event, Buffer.from(data).toString('utf8')).toBeDefined();
      if (!event) return;
      received.push(event);
      expectations.observe(stream === resources.lotteryEventsOutput ? 'lottery' : 'user', event);
    },
  });
  const lines = events.map((event, index) => {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    return { number: index + 1, data: Buffer.from(text), ...route(text) };
  });
  const following = follower.run(ending.signal);
  const replaying = replay({
    ...{ lines, expectations, follower, clock, signal: ending.signal, stallMs: STALL_MS, graceMs },
    replayClock: new ReplayClock(outer, resources.userEventsInput),
    producer: new Producer(outer, resources),
    mappings: [...runtime.mappings.values()].flat(),
  });
  await Promise.race([following, replaying]).finally(() => ending.abort());
  await Promise.all([following, replaying]);
}

function isOfType<Type extends OutputEvent['type']>(
  event: OutputEvent,
  type: Type,
): event is Extract<OutputEvent, { type: Type }> {
  return event.type === type;
}

async function couponsOf(runtime: Runtime, userId: string): Promise<number> {
  const { Item: item } = await runtime.clients.dynamodb.send(
    new GetItemCommand({
      TableName: runtime.outputs.UsersTableName,
      Key: { userId: { S: userId } },
      ConsistentRead: true,
    }),
  );
  return Number(item?.coupons?.N);
}
