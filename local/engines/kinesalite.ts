import kinesalite from 'kinesalite';
import { closeWhenQuiet } from './close-when-quiet.ts';
import type { StreamWrites } from './engine.ts';
import { makeNativeHashKeys } from './hash-keys.ts';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';
import { makeNativeSequenceNumbers } from './sequence-numbers.ts';
import { countStreamWrites } from './stream-writes.ts';

/** More than an app's streams have together; the engine's default is 10. */
const SHARDS_OF_THE_ACCOUNT = 1_000;

/** What makes that there is something new to read from a stream. */
const WRITES = new Set(['PutRecord', 'PutRecords', 'SplitShard', 'MergeShards']);

interface KinesaliteOptions extends EngineOptions {
  /** Called when a client has the answer to a write. @param records taken since the last call */
  onWrite(records: StreamWrites): void;
}

export function startKinesalite({ port, dataDir, onWrite }: KinesaliteOptions): Promise<RunningEngine> {
  makeNativeSequenceNumbers();
  makeNativeHashKeys();
  const writes = countStreamWrites();
  const server = kinesalite({
    createStreamMs: 0,
    deleteStreamMs: 0,
    updateStreamMs: 0,
    shardLimit: SHARDS_OF_THE_ACCOUNT,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'kinesis') }),
  });
  closeWhenQuiet(server);
  server.on('request', ({ headers }, response) => {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    if (WRITES.has(operation)) response.once('finish', () => onWrite(writes.take()));
  });
  return listen(server, port);
}
