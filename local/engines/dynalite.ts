import dynalite from 'dynalite';
import { backupsFront } from './backups/front.ts';
import { putBefore } from './dynamodb-front.ts';
import { statementsFront } from './partiql/front.ts';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';

export function startDynalite({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'dynamodb') }),
  });
  putBefore(server, backupsFront(dataDir));
  // Before the other: what a statement writes is in the backups, too.
  putBefore(server, statementsFront);
  return listen(server, port);
}
