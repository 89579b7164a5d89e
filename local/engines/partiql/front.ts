import type { Front } from '../dynamodb-front.ts';
import { executeBatch } from './batch.ts';

/**
 * Teaches an engine that has no PartiQL one operation: a call of BatchExecuteStatement becomes conditional
 * writes of the same engine; everything else is the engine's own.
 */
export const statementsFront: Front = {
  takes: (operation) => operation === 'BatchExecuteStatement',
  answer: async (_operation, input, call) => ({ status: 200, body: await executeBatch(input, call) }),
};
