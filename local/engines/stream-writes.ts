import db from 'kinesalite/db/index.js';
import type { StreamWrites } from './engine.ts';

interface StreamDb {
  put(...parameters: unknown[]): unknown;
  batch(operations: readonly { readonly type: 'put' | 'del' }[], ...rest: unknown[]): unknown;
}

/** Of kinesalite, what is needed here. */
export interface Store {
  getStreamDb(name: string): StreamDb;
}

/**
 * Counts what the streams of the stores that are made from now on take, whoever puts it and by whatever way: kinesalite says
 * that to nobody, and reading each request once more would cost as much as the request.
 * @returns `take`: what was taken since the last call
 */
export function countStreamWrites(): { take(): StreamWrites } {
  const { create } = db;
  let counts: Record<string, number> = {};
  const counted = (stream: string, records: number) => {
    counts[stream] = (counts[stream] ?? 0) + records;
  };
  db.create = (options) => withCounts(create(options), counted);
  return {
    take() {
      const taken = counts;
      counts = {};
      return taken;
    },
  };
}

function withCounts(store: Store, counted: (stream: string, records: number) => void): Store {
  const { getStreamDb } = store;
  const known = new WeakSet<StreamDb>();
  store.getStreamDb = (name) => {
    const streamDb = getStreamDb(name);
    if (known.has(streamDb)) return streamDb;
    known.add(streamDb);
    const { put, batch } = streamDb;
    streamDb.put = (...parameters) => {
      counted(name, 1);
      return put.apply(streamDb, parameters);
    };
    streamDb.batch = (operations, ...rest) => {
      // What is too old is deleted by batches as well.
      counted(name, operations.filter(({ type }) => type === 'put').length);
      return batch.call(streamDb, operations, ...rest);
    };
    return streamDb;
  };
  return store;
}
