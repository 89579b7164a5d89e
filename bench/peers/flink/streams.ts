import { join } from 'node:path';
import type { Shape } from './events.ts';
import { type Expected, expect } from './expected.ts';
import { writeShards } from './record-file.ts';

/** Both input streams of a run, and what must come of them. */
export interface Streams {
  readonly shape: Shape;
  readonly lotteryShard: string;
  readonly userShards: readonly string[];
  readonly expected: Expected;
}

/** Writes them into a directory. */
export function streamsOf(directory: string, shape: Shape, shards: number): Streams {
  const name = `${shape.clicks}-${shape.users}-${shards}`;
  const lotteryShard = join(directory, `lottery-${name}`);
  const userShards = Array.from({ length: shards }, (_, shard) => join(directory, `user-${name}-${shard}`));
  writeShards(shape, lotteryShard, userShards);
  return { shape, lotteryShard, userShards, expected: expect(shape) };
}
