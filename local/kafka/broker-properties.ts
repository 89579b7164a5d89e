import { ENGINE_HOST } from '../engines/running-engine.ts';

const NODE_ID = 1;
/** With a small heap: the default of 128 MB is more than all of it, and the broker ends. */
const CLEANER_BUFFER_BYTES = 4_194_304;

export interface BrokerProperties {
  /** Of the clients, on the loopback address. */
  port: number;
  /** Of the broker's own talk with its controller, which is the same process. */
  controllerPort: number;
  /** Where it keeps its logs. */
  directory: string;
}

/**
 * One broker that is its own controller (KRaft), and keeps a copy of nothing. Of topics it decides nothing: none comes by
 * itself, and what an app does not say of one is as with any other broker.
 */
export function brokerProperties({ port, controllerPort, directory }: BrokerProperties): string {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'controller.quorum.voters': `${NODE_ID}@${ENGINE_HOST}:${controllerPort}`,
    listeners: `PLAINTEXT://${ENGINE_HOST}:${port},CONTROLLER://${ENGINE_HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': directory.replaceAll('\\', '\\\\'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    // Who joins a group first waits for nobody.
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': CLEANER_BUFFER_BYTES,
    'num.network.threads': 2,
    'num.io.threads': 2,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
