import type { TopicWriter } from '../../soak/player-streams.ts';
import { answers } from '../services/kafka/kafka.ts';
import { callBroker, type Send } from './call.ts';

/** Topics for players, who know no faults. */
export function simulatedWriter(options: { readonly send: Send; readonly caller: string }): TopicWriter {
  return {
    async partitions(topic) {
      return (await callBroker(options, 'Metadata', { topic }, answers.Metadata)).partitions;
    },
    async append(topic, partition, records) {
      const request = { topic, partition, records: records.map(stored) };
      return (await callBroker(options, 'Produce', request, answers.Produce)).first;
    },
  };
}

const stored = ({ partitionKey, data }: { readonly partitionKey: string; readonly data: Uint8Array }) => ({
  key: Buffer.from(partitionKey).toString('base64'),
  value: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
});
