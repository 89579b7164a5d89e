import type { Clock } from '../../clock.ts';
import type { FunctionHost } from '../../function-host.ts';
import type { FailureDestination } from '../destination.ts';
import type { Emulation } from '../emulation.ts';
import type { Observer } from '../events.ts';
import type { KafkaMappingProperties } from '../properties.ts';
import type { KafkaAccess } from './access.ts';
import type { Progress } from './progress.ts';

/** What every part of a mapping works with. */
export interface KafkaContext {
  functionArn: string;
  topic: string;
  groupId: string;
  /** `host:port,…` */
  bootstrapServers: string;
  properties: KafkaMappingProperties;
  settings: Emulation;
  clock: Clock;
  host: FunctionHost;
  access: KafkaAccess;
  observe: Observer;
  progress: Progress;
  /** Where discarded records go; undefined: nowhere. */
  destination?: FailureDestination | undefined;
}
