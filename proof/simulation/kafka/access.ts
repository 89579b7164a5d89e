import type { Clock } from '../../../local/clock.ts';
import type { KafkaAccess } from '../../../local/event-source-mapping/kafka/access.ts';
import type { Random } from '../../../local/faults/random.ts';
import type { Kafka } from '../services/kafka/kafka.ts';
import type { Send } from './call.ts';
import { SimulatedMember } from './member.ts';
import { SimulatedOffsets } from './offsets.ts';
import { SimulatedReader } from './reader.ts';

export interface SimulatedAccessOptions {
  readonly kafka: Kafka;
  readonly send: Send;
  readonly caller: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The brokers of mappings in a simulation. */
export function simulatedAccess(options: SimulatedAccessOptions): KafkaAccess {
  return {
    member: (context) => new SimulatedMember(context, options),
    reader: (context) => new SimulatedReader(context, options),
    offsets: (context, generation) => new SimulatedOffsets(context, generation, options),
  };
}
