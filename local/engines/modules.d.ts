/** The two engines that come without types; only what is used here, some of it from within them. */

declare module 'kinesalite' {
  import type { Server } from 'node:http';

  function kinesalite(options: {
    /** Directory of the LevelDB store; in memory without it. */
    path?: string;
    /** Milliseconds a new stream stays in CREATING. */
    createStreamMs?: number;
    deleteStreamMs?: number;
    /** Milliseconds a stream stays in UPDATING after a split or merge. */
    updateStreamMs?: number;
    /** Shards of the whole account. */
    shardLimit?: number;
  }): Server;
  export = kinesalite;
}

declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options: {
    /** Directory of the LevelDB store; in memory without it. */
    path?: string;
    /** Milliseconds a new table stays in CREATING. */
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
  export = dynalite;
}

declare module 'kinesalite/db/index.js' {
  import type { HashKey } from './hash-keys.ts';
  import type { Sequence } from './sequence-numbers.ts';
  import type { Store } from './stream-writes.ts';

  const db: {
    create(options: object): Store;
    parseSequence(sequenceNumber: string): Sequence;
    stringifySequence(sequence: Sequence): string;
    incrementSequence(before: Sequence | string, seqTime?: number | null): string;
    shardIxToHex(shardIx: number): string;
    partitionKeyToHashKey(partitionKey: string): HashKey;
  };
  export = db;
}

declare module 'dynalite/db/index.js' {
  const db: { create(options: object): object };
  export = db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    toLowerFirst(operation: string): string;
    /** @throws Error with `statusCode` and `body` */
    checkTypes(input: object, types: object): object;
    /** @throws Error with `statusCode` and `body` */
    checkValidations(input: object, types: object, custom: unknown, store: object): void;
  };
  export = validations;
}
