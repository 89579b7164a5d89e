import type { Runtime } from '../../local/runtime-options.ts';
import { openStreams } from './open.ts';
import type { OuterStreams } from './outer-streams.ts';

const opened = new WeakMap<Runtime['outputs'], OuterStreams>();

/** The outer streams of an environment that runs in this process, the same for all who ask; who stops it closes them. */
export function runtimeStreams({ outputs, clients }: Pick<Runtime, 'outputs' | 'clients'>): OuterStreams {
  const streams = opened.get(outputs) ?? openStreams(outputs, clients.kinesis);
  opened.set(outputs, streams);
  return streams;
}
