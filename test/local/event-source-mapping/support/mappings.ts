import {
  type Emulation,
  type KinesisMappingOptions,
  type StreamMapping,
  startKinesisMapping,
} from '../../../../local/event-source-mapping/index.ts';
import type { TestKinesis } from './engine.ts';
import type { RecordingHost } from './recording-host.ts';
import { StartedMappings } from './started-mappings.ts';

/**
 * Long windows began a minute before the test file, so that none of them ends in the middle of a test, whatever the
 * clock says. In whole seconds; ms since the epoch.
 */
const windowOriginMs = (Math.floor(Date.now() / 1000) - 60) * 1000;

/** Quick enough for a test: polls and retries without AWS's pauses. */
export const quick = {
  windowOriginMs,
  pollIntervalMs: 30,
  retryBackoffBaseMs: 2,
  retryBackoffCapMs: 20,
  idleWindowCloseMs: 0,
} satisfies Partial<Emulation>;

type Properties = Partial<KinesisMappingOptions['properties']>;
type Others = Partial<Omit<KinesisMappingOptions, 'properties' | 'host' | 'clients'>> & {
  clients?: Partial<KinesisMappingOptions['clients']>;
};

/** Starts mappings of one test. */
export class Mappings extends StartedMappings {
  start(
    kinesis: TestKinesis,
    streamArn: string,
    host: RecordingHost,
    properties: Properties = {},
    others: Others = {},
  ): StreamMapping {
    const mapping = startKinesisMapping({
      functionName: 'recorder',
      observer: this.observer,
      ...others,
      properties: { EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON', ...properties },
      clients: { kinesis: kinesis.client, ...others.clients },
      host,
      emulation: { ...quick, ...others.emulation },
    });
    return this.add(mapping);
  }
}
