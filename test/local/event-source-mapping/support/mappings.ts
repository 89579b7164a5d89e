import {
  type Emulation,
  type KinesisMappingOptions,
  type MappingEvent,
  type StreamMapping,
  startKinesisMapping,
} from '../../../../local/event-source-mapping/index.ts';
import type { TestKinesis } from './engine.ts';
import type { RecordingHost } from './recording-host.ts';

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

/** Starts mappings of one test and stops them at its end. */
export class Mappings {
  readonly events: MappingEvent[] = [];
  readonly #started: StreamMapping[] = [];

  start(
    kinesis: TestKinesis,
    streamArn: string,
    host: RecordingHost,
    properties: Properties = {},
    others: Others = {},
  ): StreamMapping {
    const mapping = startKinesisMapping({
      functionName: 'recorder',
      observer: (event) => this.events.push(event),
      ...others,
      properties: { EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON', ...properties },
      clients: { kinesis: kinesis.client, ...others.clients },
      host,
      emulation: { ...quick, ...others.emulation },
    });
    this.#started.push(mapping);
    return mapping;
  }

  /** Events of one type, in order. */
  of<Type extends MappingEvent['type']>(type: Type): Extract<MappingEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<MappingEvent, { type: Type }> => event.type === type);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((mapping) => mapping.stop()));
    this.events.length = 0;
  }
}
