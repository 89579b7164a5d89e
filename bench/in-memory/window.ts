import { BlockCollector } from '../../lambda/core/block.ts';
import { partialRecord, tickRecord } from '../../lambda/core/entries-records.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../payloads/records.ts';
import { marginMs, run } from './ports.ts';

interface WindowContent<Kept> {
  readonly windowStart: number;
  /** ms since the epoch. */
  readonly arrival: number;
  readonly blocks: number;
  readonly entriesPerBlock: number;
  /** What is kept of a block's text. */
  readonly keep: (text: string) => Kept;
}

/** One draw whole: the partials that name its blocks, with its tick behind them, and the blocks by their names. */
export function drawnWindow<Kept>({
  windowStart,
  arrival,
  blocks,
  entriesPerBlock,
  keep,
}: WindowContent<Kept>): {
  records: ReturnType<typeof kinesisRecord>[];
  objects: ReadonlyMap<string, Kept>;
} {
  const objects = new Map<string, Kept>();
  const values: object[] = [];
  for (let block = 0; block < blocks; block += 1) {
    const collector = new BlockCollector();
    for (let n = 0; n < entriesPerBlock; n += 1) {
      const position = block * entriesPerBlock + n;
      collector.add(run, windowStart, [`${shardId}:${sequenceNumber(position)}`, `user-${position}`]);
    }
    const finished = collector.finish(marginMs);
    if (finished === undefined) throw new Error('The block is empty');
    objects.set(finished.name, keep(finished.text));
    values.push(...finished.partials.map(partialRecord));
  }
  values.push(tickRecord({ ...run, windowStart }));
  const { lotteryId: partitionKey } = run;
  return {
    records: values.map((value, position) => kinesisRecord({ position, partitionKey, value, arrival })),
    objects,
  };
}
