import dynalite from 'dynalite';
import { answerStatements } from './partiql/front.ts';
import { type EngineOptions, engineDirectory, listen, type RunningEngine } from './running-engine.ts';

export function startDynalite({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: engineDirectory(dataDir, 'dynamodb') }),
  });
  answerStatements(server);
  return listen(server, port);
}
