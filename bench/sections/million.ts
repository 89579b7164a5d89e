import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { BucketBlocks, BucketSheets } from '../../lambda/adapters/content-bucket.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import type { Effort } from '../effort.ts';
import { drawWorld, run } from '../in-memory/ports.ts';
import { drawnWindow } from '../in-memory/window.ts';
import { cpuMicroseconds } from '../measure.ts';
import { windowEvent } from '../payloads/records.ts';
import type { Row } from '../table.ts';

const start = 1_700_000_000_000;
const windowStart = windowStartOf(start, run.windowMs);
const entriesPerBlock = 1_000;
/** In production a function has this memory, with which comes one core. */
const mostSeconds = 20;
const mostMegabytes = 1_769;

/** A window of a million entries, closed and drawn in one invocation, on an S3 that answers at once. */
export async function million(effort: Effort): Promise<Row[]> {
  const blocks = effort.of(1_000, 2);
  const keep = (text: string) => Buffer.from(text);
  const { records, objects } = drawnWindow({ windowStart, arrival: start, blocks, entriesPerBlock, keep });
  const held = [...objects.values()].reduce((sum, { length }) => sum + length, 0);
  const bucket = new AnsweringBucket(objects);
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
