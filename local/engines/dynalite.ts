import { backupsFront } from './backups/front.ts';
import { startWithCalls } from './dynalite-calls.ts';
import { putBefore } from './dynamodb-front.ts';
import { statementsFront } from './partiql/front.ts';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';

export function startDynalite({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const { server, call } = startWithCalls({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'dynamodb') }),
  });
  // What a statement writes is in the backups, too.
  putBefore(server, call, [backupsFront(dataDir), statementsFront]);
  return listen(server, port);
}
