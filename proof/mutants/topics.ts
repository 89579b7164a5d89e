import type { Mutant } from './mutant.ts';

/** Topics of Kafka: their partitions, the offsets of their groups, and what Lambda is told of a batch. */
export const topics: readonly Mutant[] = [
  {
    name: 'offsets are committed before the function has succeeded',
    file: 'local/event-source-mapping/kafka/assignment.ts',
    from: '    this.#inFlight = true;\n',
    to: '    await this.#commits.store(this.#partitions.offsetsAfter(batch.items), signal);\n    this.#inFlight = true;\n',
  },
  {
    name: 'the watermark of a batch goes to the partition of its first record',
    file: 'lambda/functions/watermarks.ts',
    from: 'const { shardId } = record.source;',
    to: 'const { shardId } = done[0]?.source ?? record.source;',
  },
  {
    name: 'what came in a partition before it was found is passed over',
    file: 'local/event-source-mapping/kafka/starts.ts',
    from: "reader.offsets('earliest', without)",
    to: "reader.offsets('latest', without)",
  },
  {
    name: 'draws do not wait for partitions behind the first',
    file: 'lambda/adapters/kafka/kafka-inputs.ts',
    from: 'const partitions = await this.#client.partitions(topic);',
    to: 'const partitions = (await this.#client.partitions(topic)).slice(0, 1);',
  },
  {
    name: 'a batch that failed is said to be done where Lambda knows whole batches alone',
    file: 'lambda/batch/kafka-source.ts',
    from: 'if (firstFailed.length > 0 && !reportsFailures) throw new BatchFailed(firstFailed);',
    to: 'if (firstFailed.length < 0) throw new BatchFailed(firstFailed);',
  },
  {
    name: 'of a batch that mixes partitions the first alone is redriven',
    file: 'client/redrive/failed-batches.ts',
    from: 'const topicRecords = Object.values(topicPayload.parse(JSON.parse(payload)).records).flat();',
    to: 'const topicRecords = Object.values(topicPayload.parse(JSON.parse(payload)).records)[0] ?? [];',
  },
];
