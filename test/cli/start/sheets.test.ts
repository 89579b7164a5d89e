import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Sheets } from '../../../cli/start/sheets.ts';
import { parseOutputEvent } from '../../../client/output-events.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { batchesOf, draw, nameOf } from '../../verify/support/lottery.ts';

const Bucket = 'draws';
const drawn = [0, 1].map((window) => draw({ window, batches: batchesOf(window), beacon: false }));
const { clients } = inMemoryServices();
const outputs = { DrawsBucketName: Bucket };
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sheets-'));
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => {
  clients.destroy();
  rmSync(directory, { recursive: true });
});
beforeEach(async () => {
  for (const { sheet: Body } of drawn)
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: `sheets/${nameOf(Body)}`, Body }));
});

function observing(...events: object[]): Sheets {
  const sheets = new Sheets({ clients, outputs }, directory);
  for (const event of events) {
    const parsed = parseOutputEvent(JSON.stringify(event));
    if (parsed !== undefined) sheets.observe(parsed);
  }
  return sheets;
}

it('puts the sheet of each winner into the directory, under its name, once', async () => {
  const events = drawn.flatMap(({ receipts, winner }) => [...receipts, winner, winner]);
  expect(await observing(...events).keep()).toBe(2);
  expect(readdirSync(directory).toSorted()).toEqual(
    drawn.map(({ sheet }) => `${nameOf(sheet)}.jsonl`).toSorted(),
  );
  for (const { sheet } of drawn)
    expect(readFileSync(join(directory, `${nameOf(sheet)}.jsonl`), 'utf8')).toBe(sheet);
});

it('makes no file of a name that is no hash', async () => {
  const before = readdirSync(directory);
  expect(
    await observing({ ...drawn[0]?.winner, sheet: '../../mine' }, { ...drawn[0]?.winner, sheet: 5 }).keep(),
  ).toBe(0);
  expect(readdirSync(directory)).toEqual(before);
});

it('names a sheet that is not there', async () => {
  const sheet = 'ab'.repeat(32);
  await expect(observing({ ...drawn[0]?.winner, sheet }).keep()).rejects.toThrow(
    `--sheets: a winner names the sheet ${sheet}, and it is not in draws`,
  );
});

it('is of an app that has the bucket', () => {
  expect(() => new Sheets({ clients, outputs: {} }, directory)).toThrow(
    '--sheets: the app has no output DrawsBucketName',
  );
});
