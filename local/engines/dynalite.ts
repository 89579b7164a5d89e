import dynalite from 'dynalite';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';

export function startDynalite({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'dynamodb') }),
  });
  return listen(server, port);
}
