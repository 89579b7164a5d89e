import type { KafkaAccess } from './access.ts';
import { BrokerOffsets } from './broker-offsets.ts';
import { Membership } from './membership.ts';
import { PartitionReader } from './reader.ts';

/** The brokers themselves. */
export const brokerAccess: KafkaAccess = {
  member: (context) => new Membership(context),
  reader: (context) => PartitionReader.of(context),
  offsets: (context, generation) => new BrokerOffsets(context, generation),
};
