import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KafkaAccess } from '../../../../local/event-source-mapping/kafka/access.ts';
import { TopicMapping } from '../../../../local/event-source-mapping/kafka/mapping.ts';
import { Changes } from '../../../../local/event-source-mapping/wake.ts';
import { KafkaRecorder } from './support.ts';

it('a poller that its group gives no partition reads nothing: no broker would have it wait', async () => {
  let fetches = 0;
  let loads = 0;
  const access: KafkaAccess = {
    member: () => ({
      changes: new Changes(),
      current: { generationId: 1, memberId: 'second', partitions: [] },
      failure: undefined,
      ...{ join: async () => {}, look: async () => {}, leave: async () => {} },
    }),
    reader: () => ({
      async fetch() {
        fetches += 1;
        // Else a loop without end would hold this test up, too.
        if (fetches > 100) await new Promise(() => {});
        return [];
      },
      ...{ offsets: async () => new Map(), ends: async () => new Map(), forget() {}, close: async () => {} },
    }),
    offsets: () => ({
      async load() {
        loads += 1;
        return new Map();
      },
      ...{ commit: async () => true, close: async () => {} },
    }),
  };
  const mapping = new TopicMapping({
    ...{ functionName: 'f', region: 'us-east-1', accountId: '000000000000', clients: {}, access },
    host: new KafkaRecorder(),
    properties: {
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['none:1'] } },
      ...{ Topics: ['t'], StartingPosition: 'TRIM_HORIZON' },
    },
  });
  await expect.poll(() => loads).toBe(1);
  await setImmediate();
  await mapping.stop();
  expect(fetches).toBe(0);
});
