import { type AwsCall, jsonBody } from '../../local/proxy/aws-call.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';

/** What is counted: events by what they are, whatever records they are in; of other services what a request is for. */
export const counted = [
  ...(['heartbeats', 'partials', 'ticks', 'outcomes', 'closed', 'draws'] as const),
  /** Put on the ticks queue. */
  'messages',
  /** Items of tables; watermarks are those of shards, and of all of them together. */
  ...(['userReads', 'userWrites', 'lotteryReads', 'drawReads', 'drawWrites'] as const),
  ...(['watermarkReads', 'watermarkWrites'] as const),
  /** Objects of the draws bucket. */
  ...(['blockPuts', 'blockReads', 'sheetPuts', 'archivePuts'] as const),
  'signatures',
  ...(['userInvocations', 'drawInvocations', 'tickInvocations'] as const),
] as const;

export type Counted = (typeof counted)[number];
export type Count = readonly [Counted, number];

/** What a call counts for. */
export function countsOf(call: AwsCall): readonly Count[] {
  switch (call.service) {
    case 'dynamodb':
      return itemsIn(call);
    case 's3':
      return objectsIn(call);
    case 'sqs':
      return call.operation === 'SendMessageBatch' ? [['messages', lengthOf(jsonBody(call).Entries)]] : [];
    case 'kms':
      return call.operation === 'Sign' ? [['signatures', 1]] : [];
    default:
      return [];
  }
}

const typesOf = {
  heartbeats: ['Heartbeat'],
  partials: ['PartialDraw'],
  ticks: ['Tick'],
  outcomes: ['ClickAcceptedEvent', 'EventRejectedEvent'],
  closed: ['DrawClosedEvent'],
  draws: ['LotteryWinnerEvent'],
} as const;

/** The events in a record that a stream has taken; those of an aggregated one are text between its lengths. */
export function eventsIn({ data }: Pick<StreamRecord, 'data'>): readonly Count[] {
  const text = Buffer.from(data).toString('latin1');
  const of = (type: string) => text.split(`"type":"${type}"`).length - 1;
  const count = (types: readonly string[]) => types.reduce((sum, type) => sum + of(type), 0);
  return [
    ['heartbeats', count(typesOf.heartbeats)],
    ['partials', count(typesOf.partials)],
    ['ticks', count(typesOf.ticks)],
    ['outcomes', count(typesOf.outcomes)],
    ['closed', count(typesOf.closed)],
    ['draws', count(typesOf.draws)],
  ];
}

/** What an invocation counts for. @param functionName as it is named in an environment */
export function invocationsOf(functionName: string): readonly Count[] {
  if (functionName.endsWith('-user-events')) return [['userInvocations', 1]];
  if (functionName.endsWith('-draw')) return [['drawInvocations', 1]];
  return functionName.endsWith('-ticks') ? [['tickInvocations', 1]] : [];
}

const tables: Readonly<Record<string, { readonly Reads: Counted; readonly Writes?: Counted }>> = {
  users: { Reads: 'userReads', Writes: 'userWrites' },
  lotteries: { Reads: 'lotteryReads' },
  draws: { Reads: 'drawReads', Writes: 'drawWrites' },
  watermarks: { Reads: 'watermarkReads', Writes: 'watermarkWrites' },
};

function itemsIn(call: AwsCall): Count[] {
  const { operation } = call;
  const body = jsonBody(call);
  if (operation === 'BatchGetItem') {
    return Object.entries(Object(body.RequestItems)).flatMap(([table, request]) =>
      named(table, 'Reads', lengthOf(Object(request).Keys)),
    );
  }
  if (operation === 'BatchExecuteStatement') {
    return listOf(body.Statements).flatMap((one) =>
      named(/"([^"]*)"/.exec(String(Object(one).Statement))?.[1], 'Writes', 1),
    );
  }
  return named(body.TableName, operation === 'GetItem' ? 'Reads' : 'Writes', 1);
}

function named(table: unknown, what: 'Reads' | 'Writes', count: number): Count[] {
  const [, name = ''] = /-([a-z]+)$/.exec(String(table)) ?? [];
  const counts = tables[name]?.[what];
  return counts === undefined ? [] : [[counts, count]];
}

const folders = {
  PUT: { blocks: 'blockPuts', sheets: 'sheetPuts', archive: 'archivePuts' },
  GET: { blocks: 'blockReads' },
} as const;

function objectsIn({ method, path }: AwsCall): Count[] {
  const [, folder = ''] = /^\/(?:[^/]*-draws[^/]*\/)?(blocks|sheets|archive)\//.exec(path) ?? [];
  const of: Readonly<Record<string, Counted>> = method === 'PUT' || method === 'GET' ? folders[method] : {};
  const what = of[folder];
  return what === undefined ? [] : [[what, 1]];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function lengthOf(value: unknown): number {
  return listOf(value).length;
}
