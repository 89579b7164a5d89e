import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { BucketBlocks, BucketSheets } from '../../lambda/adapters/content-bucket.ts';
import { BlockCollector } from '../../lambda/core/block.ts';
import { partialRecord, tickRecord } from '../../lambda/core/entries-records.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { kinesisRecord, sequenceNumber, shardId, windowEvent } from '../events.ts';
import { cpuMicroseconds } from '../measure.ts';
import { drawWorld, marginMs, run } from '../memory-ports.ts';
import type { Row } from '../table.ts';

const start = 1_700_000_000_000;
const windowStart = windowStartOf(start, run.windowMs);
const blocks = 1_000;
const entriesPerBlock = 1_000;
/** In production a function has this memory, with which comes one core. */
const mostSeconds = 20;
const mostMegabytes = 1_769;

/** A window of a million entries, closed and drawn in one invocation, on an S3 that answers at once. */
export async function million(): Promise<Row[]> {
  const { values, objects } = window();
  const held = [...objects.values()].reduce((sum, { length }) => sum + length, 0);
  const bucket = new AnsweringBucket(objects);
  const records = values.map((value, position) =>
    kinesisRecord({ position, partitionKey: run.lotteryId, value, arrival: start }),
  );
  const world = {
    ...drawWorld(() => start),
    blocks: new BucketBlocks(bucket.client, 'draws'),
    sheets: new BucketSheets(bucket.client, 'draws'),
  };
  const event = windowEvent(records, {}, start + 10_000);
  const cpu = await cpuMicroseconds(() => processEntries(event, world));
  if (bucket.putBytes === 0) throw new Error('The draw was not made');
  const name = `draw of ${(blocks * entriesPerBlock).toLocaleString('en-US')} entries in ${blocks} blocks`;
  return [
    { name: `${name}, closed and made`, unit: 's CPU', value: cpu / 1e6, atMost: mostSeconds },
    { name: '  its sheet', unit: 'MB', value: bucket.putBytes / 1e6 },
    {
      name: '  most memory of the process',
      unit: 'MB',
      value: (bucket.mostBytes - held) / 1e6,
      atMost: mostMegabytes,
      note: 'without the blocks, which stand for S3',
    },
  ];
}

/** The partials of one draw and its tick, and the objects that they name. */
function window(): { values: object[]; objects: ReadonlyMap<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const values: object[] = [];
  for (let block = 0; block < blocks; block += 1) {
    const collector = new BlockCollector();
    for (let n = 0; n < entriesPerBlock; n += 1) {
      const position = block * entriesPerBlock + n;
      collector.add(run, windowStart, [`${shardId}:${sequenceNumber(position)}`, `user-${position}`]);
    }
    const finished = collector.finish(marginMs);
    if (finished === undefined) throw new Error('The block is empty');
    objects.set(finished.name, Buffer.from(finished.text));
    values.push(...finished.partials.map(partialRecord));
  }
  values.push(tickRecord({ ...run, windowStart }));
  return { values, objects };
}

/** S3 for the SDK's own client: gives objects by their names, and takes any. */
class AnsweringBucket {
  /** Of the memory of this process, whenever something was asked. */
  mostBytes = 0;
  putBytes = 0;
  readonly client: S3Client;

  constructor(objects: ReadonlyMap<string, Buffer>) {
    const handle = async ({ method, path, body }: { method: string; path: string; body?: unknown }) => {
      this.mostBytes = Math.max(this.mostBytes, process.memoryUsage.rss());
      if (method === 'PUT' && body instanceof Uint8Array) this.putBytes += body.byteLength;
      const object = method === 'GET' ? objects.get(path.split('/').at(-1) ?? '') : undefined;
      return { response: { statusCode: 200, headers: {}, body: Readable.from(object ? [object] : []) } };
    };
    this.client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      forcePathStyle: true,
      requestHandler: { handle },
    });
  }
}
