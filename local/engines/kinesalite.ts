import kinesalite from 'kinesalite';
import { closeWhenQuiet } from './close-when-quiet.ts';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';

/** More than any environment's streams have together; the default of 10 would refuse two of five. */
const SHARDS_OF_THE_ACCOUNT = 1_000;

export function startKinesalite({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const server = kinesalite({
    createStreamMs: 0,
    deleteStreamMs: 0,
    updateStreamMs: 0,
    shardLimit: SHARDS_OF_THE_ACCOUNT,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'kinesis') }),
  });
  closeWhenQuiet(server);
  return listen(server, port);
}
