import type { Clock } from '../../clock.ts';
import type { FunctionHost } from '../../function-host.ts';
import type { FailureDestination } from '../destination.ts';
import type { Emulation } from '../emulation.ts';
import type { Observer } from '../events.ts';
import type { KinesisMappingProperties } from '../properties.ts';

/** What every part of a mapping works with. */
export interface KinesisContext {
  /** The mapping's UUID. */
  id: string;
  functionArn: string;
  roleArn: string;
  streamArn: string;
  properties: KinesisMappingProperties;
  settings: Emulation;
  clock: Clock;
  host: FunctionHost;
  observe: Observer;
  /** Where discarded records go; undefined: nowhere. */
  destination?: FailureDestination | undefined;
}
