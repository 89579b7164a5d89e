import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;

/** Batches that come again, are cut anew or fail in part: writing, publishing, reading, redriving. */
export const delivery: readonly Mutant[] = [
  {
    name: 'a rejection is not stored',
    file: core('decider'),
    from: 'const changed = resumed.applied > 0;',
    to: 'const changed = state !== before;',
  },
  {
    name: 'an event at the cursor is applied again',
    file: core('resume'),
    from: 'if (order !== 0 || count === 0) return order <= 0;',
    to: 'if (order !== 0 || count === 0) return order < 0;',
  },
  {
    name: 'cursors of other shards are dropped',
    file: core('resume'),
    from: 'const advanced = { ...cursors };',
    to: 'const advanced: Record<string, Cursor> = {};',
  },
  {
    name: 'a conflict counts as written',
    file: 'lambda/batch/keyed-batch.ts',
    from: `else if (result?.kind === 'conflict') pending.push(decided.key);`,
    to: `else if (result?.kind === 'conflict') applied.push(decided);`,
  },
  {
    name: 'what was decided is published before it is written',
    file: 'lambda/batch/keyed-batch.ts',
    from: `else if (result?.kind === 'conflict') pending.push(decided.key);`,
    to: `else if (result?.kind === 'conflict') applied.push(decided), pending.push(decided.key);`,
  },
  {
    name: 'the outcomes of what was not written are published',
    file: 'lambda/batch/keyed-batch.ts',
    from: 'else failed.push({ ...decided, error: result?.error });',
    to: 'else applied.push(decided), failed.push({ ...decided, error: result?.error });',
  },
  {
    name: 'outcomes of an unchanged user are not published again',
    file: 'lambda/batch/keyed-batch.ts',
    from: 'applied.push(...decisions.filter(({ decision }) => !decision.changed));',
    to: '',
  },
  {
    name: 'records that a stream refused are not put again',
    file: adapter('kinesis-publisher'),
    from: 'return remaining.filter((_, index) => isFailure(results[index]));',
    to: 'return [];',
  },
  {
    name: 'keys that were not processed are not read again',
    file: adapter('dynamo-table'),
    from: 'return UnprocessedKeys?.[this.#name]?.Keys ?? [];',
    to: 'return UnprocessedKeys === undefined ? [] : [];',
  },
  {
    name: 'statements that were throttled count as written',
    file: adapter('statement-writer'),
    from: `      attempt.result = response === undefined ? unanswered : resultOf(response.Error);
      return response === undefined || isTransient(response.Error);`,
    to: `      attempt.result = isTransient(response?.Error) ? { kind: 'written' } : resultOf(response?.Error);
      return false;`,
  },
  {
    name: 'outcomes of events that come again are not kept',
    file: core('resume'),
    from: '  keep(shard, source, outcome);\n  return codec.decode(outcome);',
    to: '  return codec.decode(outcome);',
  },
  {
    name: 'a child shard is read before its parents are drained',
    file: 'local/event-source-mapping/kinesis/lineage.ts',
    from: 'parents.every((parent) => !listed.has(parent) || isFinished(parent))',
    to: 'parents.length >= 0',
  },
  {
    name: 'a grandchild shard is read before the parent of its empty parent is drained',
    file: 'local/event-source-mapping/kinesis/stream-poller.ts',
    from: "import { listShards, type ShardLink } from '../../shards.ts';\n",
    to: `import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { ShardLink } from '../../shards.ts';
const listShards = async (client: KinesisClient, StreamName: string, _: AbortSignal): Promise<ShardLink[]> => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const isEmpty = (id?: string) =>
    Shards.some(({ ShardId, SequenceNumberRange: { StartingSequenceNumber: first, EndingSequenceNumber: last } = {} }) =>
      ShardId === id && BigInt(last ?? -1) - BigInt(first ?? 0) === 1n);
  return Shards.map(({ ShardId = '', ParentShardId, AdjacentParentShardId }) => ({
    shardId: ShardId,
    parents: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined && !isEmpty(id)),
  }));
};
`,
  },
  {
    name: 'redriving leaves what was never applied',
    file: 'client/redrive/events-plan.ts',
    from: "return mayHaveBeenPassed ? 'undecided' : 'unapplied';",
    to: "return 'undecided';",
  },
  {
    name: 'the archive says that it has a batch before it is put',
    file: 'lambda/functions/archive/process.ts',
    from: `await archive.put(key, ofShard.map(archiveLine).join(''));`,
    to: `archive.put(key, ofShard.map(archiveLine).join("")).catch(() => {});`,
  },
  {
    name: 'an object of the archive is named by its first record alone, as another cut from there is',
    file: core('archive'),
    from: 'return { stream, day: dayOf(first.arrival), shardId, first: sequenceNumber, last };',
    to: 'return { stream, day: dayOf(first.arrival), shardId, first: sequenceNumber, last: sequenceNumber };',
  },
];
