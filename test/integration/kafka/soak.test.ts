import { afterAll, describe, expect, it } from 'vitest';
import { soakContext } from '../../../proof/soak/options.ts';
import { runSoak } from '../../../proof/soak/soak.ts';
import { sharedKafka } from '../../support/kafka.ts';
import { sharedAssembly } from '../../support/shared-assembly.ts';
import { topicContext } from './support.ts';

const kafka = await sharedKafka();
afterAll(() => kafka.close());

const context = { ...soakContext('dev'), ...topicContext('soak-') };

/** Long enough that groups are shared out anew, and topics grow, a few times. */
const seconds = 5;

describe.runIf(kafka.isThere)('a short soak on topics', () => {
  it('has partitions added and changing hands, batches that come again, and ends without violations', async () => {
    const report = await runSoak({
      ...{ environment: 'dev', seconds, players: 40, rate: 80, seed: 1, drainSeconds: 300, context },
      rates: { call: 0.1, delivery: 0.3, environmentEveryMs: 600, disabledMs: 600, hangMs: 5_500 },
      assembly: await sharedAssembly({ environment: 'dev', context }),
      kafka: kafka.bootstrapServers,
      command: 'this test',
    });
    expect(report.undrained).toEqual([]);
    expect(report.violations).toEqual([]);
    expect(report.replays).toBeGreaterThan(0);
    const { partitionAdded = 0, groupRebalanced = 0 } = report.faults.byKind;
    expect(partitionAdded + groupRebalanced).toBeGreaterThan(0);
  });
});
