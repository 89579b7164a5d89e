import { expect, test } from 'vitest';
import { systemClock } from '../../../../local/clock.ts';
import { defaultEmulation } from '../../../../local/event-source-mapping/emulation.ts';
import type { KafkaAccess } from '../../../../local/event-source-mapping/kafka/access.ts';
import { Assignment } from '../../../../local/event-source-mapping/kafka/assignment.ts';
import type { KafkaContext } from '../../../../local/event-source-mapping/kafka/context.ts';
import { Progress } from '../../../../local/event-source-mapping/kafka/progress.ts';
import { parseKafkaProperties } from '../../../../local/event-source-mapping/properties.ts';
import { KafkaRecorder } from './support.ts';

/** Reads as one does that knows a topic's leaders: with nobody to ask, there is an answer at once. */
function accessOf(fetches: number[]): KafkaAccess {
  return {
    member: () => {
      throw new Error('is no part of an assignment');
    },
    reader: () => ({
      fetch: async (from) => {
        // An error is waited after: the test fails, where it would never end.
        if (fetches.push(from.size) > 100) throw new Error('There is no end to this');
        return [];
      },
      offsets: async () => new Map(),
      ends: async () => new Map(),
      forget: () => undefined,
      close: async () => undefined,
    }),
    offsets: () => ({ load: async () => new Map(), commit: async () => true, close: async () => undefined }),
  };
}

function contextOf(access: KafkaAccess): KafkaContext {
  return {
    ...{ topic: 'topic', bootstrapServers: '127.0.0.1:9', groupId: 'group', functionArn: 'arn' },
    ...{ settings: defaultEmulation, clock: systemClock, host: new KafkaRecorder(), access },
    properties: parseKafkaProperties('recorder', {
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['127.0.0.1:9'] } },
      ...{ Topics: ['topic'], StartingPosition: 'TRIM_HORIZON' },
    }),
    observe: () => undefined,
    progress: new Progress(() => undefined),
    destination: undefined,
  };
}

test('a poller without partitions leaves the event loop to others, and ends when it is told to', async () => {
  const fetches: number[] = [];
  const stopping = new AbortController();
  const generation = { generationId: 1, memberId: 'idle', partitions: [] };
  const run = new Assignment(contextOf(accessOf(fetches)), generation).run(stopping.signal);
  await new Promise(setImmediate);
  stopping.abort();
  await run;
  expect(fetches).toEqual([]);
});
