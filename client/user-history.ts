import { z } from 'zod';
import type { Clock } from '../local/clock.ts';
import { type Draw, drawsByIds } from './draws-of-run.ts';
import type { Environment } from './environment/open.ts';
import { outerOf, outputOf } from './environment/output.ts';
import { readItems } from './environment/tables.ts';
import type { Arrived } from './exchange.ts';
import { parseOutputEvent, recordIdOfOutcome } from './output-events.ts';
import { readStream } from './read-stream.ts';
import type { OuterName } from './streams/open.ts';

/** Draws that are looked at for wins, of the last receipts. */
const MOST_DRAWS = 5_000;

export interface HistoryOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface UserHistory {
  /** Outcomes of the user's events and refunds, each once, in the order in which they came out. */
  readonly outcomes: readonly Arrived[];
  /** The draws of these receipts that the user has won. */
  readonly wins: readonly Draw[];
  /** What is older is not on the stream any more. */
  readonly retentionHours: number;
  /** Whether all that is on the stream was read, and all of its draws. */
  readonly isWhole: boolean;
}

/** The user's coupons; undefined where nothing of the user was ever processed. @param userId as it is inside: a text */
export async function readCoupons(
  { environment, clock }: Omit<HistoryOptions, 'signal'>,
  userId: string,
): Promise<number | undefined> {
  const { dynamodb } = environment.clients;
  const table = outputOf(environment, 'UsersTableName');
  const [item] = await readItems({ dynamodb, clock }, table, [{ userId }], ['coupons']);
  return item && z.number().parse(item.coupons);
}

/** What the output stream still has of a user: only the shards that the user's id belongs to are read. */
export async function readHistory(options: HistoryOptions, userId: string): Promise<UserHistory> {
  const stream = 'UserEventsOutput';
  const outcomes = new Map<string, Arrived>();
  const isRead = await readStream({ ...options, stream, partitionKey: userId }, ({ data, arrival }) => {
    const event = parseOutputEvent(data);
    const recordId = event && recordIdOfOutcome(event);
    // After a crash the same outcome may have come out again.
    if (event && recordId !== undefined && !outcomes.has(recordId))
      outcomes.set(recordId, { event, arrival });
  });
  const all = [...outcomes.values()];
  const drawIds = [
    ...new Set(all.flatMap(({ event }) => (event.type === 'ClickAcceptedEvent' ? [event.drawId] : []))),
  ];
  const draws = await drawsByIds(options, drawIds.slice(-MOST_DRAWS));
  return {
    outcomes: all,
    wins: draws.filter(({ winner }) => winner.userId === userId),
    retentionHours: await retentionOf(options.environment, stream),
    isWhole: isRead && drawIds.length <= MOST_DRAWS,
  };
}

/** How long an outer stream keeps its records, in hours. */
export function retentionOf(environment: Environment, stream: OuterName): Promise<number> {
  return environment.streams.retentionHours(outerOf(environment, stream));
}
