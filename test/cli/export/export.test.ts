import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportText } from '../../../cli/export/report.ts';
import { type ExportRequest, NotArchived, runExport } from '../../../cli/export/run-export.ts';
import { Outputs } from '../../client/archive/support.ts';

let outputs: Outputs;
let parent: string;
let directory: string;

beforeEach(async () => {
  outputs = await Outputs.start();
  parent = await mkdtemp(join(tmpdir(), 'export-'));
  directory = join(parent, 'out');
});

afterEach(() => rm(parent, { recursive: true }));

const text = '{"lines":"of a sheet"}\n';
const sheet = createHash('sha256').update(text).digest('hex');
const gone = 'f'.repeat(64);
const start = { type: 'LotteryStartedEvent', lotteryId: 'promo', run: 1 };
const winner = { type: 'LotteryWinnerEvent', lotteryId: 'promo', drawId: 'promo@0', sheet };

function run(request: Partial<ExportRequest> = {}) {
  const { s3, outer, bucket, streams } = outputs.source;
  const clock = { now: () => outputs.now, sleep: async (ms: number) => outputs.at(outputs.now + ms) };
  const environment = {
    clients: { s3 },
    streams: outer,
    outputs: {
      DrawsBucketName: bucket,
      ...{ UserEventsOutputStreamName: streams.user, LotteryEventsOutputStreamName: streams.lottery },
    },
  };
  return runExport(environment, { directory, clock, signal: new AbortController().signal, ...request });
}

const linesIn = async (name: string) => (await readFile(join(directory, name), 'utf8')).split('\n');

describe('an export', () => {
  test('is a directory with the events as they went out and the sheets that they name, and says what it has', async () => {
    await outputs.put('lottery', start);
    await outputs.archive('lottery');
    const archivedUpTo = outputs.now;
    await outputs.put('lottery', winner, { ...winner, drawId: 'promo@1', sheet: gone });
    await outputs.put('lottery', { ...winner, sheet: '../../passwd' }, 'no event');
    await outputs.putObject(`sheets/${sheet}`, text);
    const report = await run();
    expect(await readdir(directory)).toEqual(['events.jsonl', 'sheets']);
    expect(await readdir(join(directory, 'sheets'))).toEqual([`${sheet}.jsonl`]);
    expect(await linesIn(`sheets/${sheet}.jsonl`)).toEqual([text.trimEnd(), '']);
    expect(await linesIn('events.jsonl')).toHaveLength(5);
    const shardId = 'shardId-000000000000';
    expect(report).toEqual({
      ...{ directory, events: 4, sheets: 1, missingSheets: [gone], foreign: 1 },
      notArchived: [{ stream: 'lottery', shardId, archivedUpTo, notArchived: 4 }],
    });
    expect(exportText(report).split('\n')).toEqual([
      `${directory}/events.jsonl: 4 events`,
      `${directory}/sheets: 1 sheet`,
      `not there, though a winner names it: the sheet ${gone}`,
      'left out: 1 record that are no event',
      `not archived yet: 4 records of lottery events, ${shardId}, read from the stream ` +
        `(archived up to ${new Date(archivedUpTo).toISOString()})`,
    ]);
  });

  test('replaces what was exported before', async () => {
    await outputs.put('lottery', start, { ...start, lotteryId: 'other' });
    await run();
    expect(await linesIn('events.jsonl')).toHaveLength(3);
    await run({ lotteryId: 'promo' });
    expect(await linesIn('events.jsonl')).toEqual([JSON.stringify(start), '']);
    expect(await readdir(directory)).toEqual(['events.jsonl', 'sheets']);
  });

  test('leaves the one before where it cannot be read to its end', async () => {
    await outputs.put('lottery', start);
    await outputs.archive('lottery');
    await run();
    const [key = ''] = outputs.keys;
    await outputs.putObject(key, 'no gzip');
    await expect(run()).rejects.toThrow(key);
    expect(await linesIn('events.jsonl')).toEqual([JSON.stringify(start), '']);
  });

  test('waits for the archive if it is told to, and says when that takes too long', async () => {
    await outputs.put('lottery', start);
    await expect(run({ waitSeconds: 5 })).rejects.toThrow(NotArchived);
    await outputs.archive('lottery');
    expect((await run({ waitSeconds: 5 })).notArchived).toEqual([]);
  });
});

describe('verify of a directory', () => {
  const verify = (path: string) => {
    const script = fileURLToPath(new URL('../../../cli/verify.ts', import.meta.url));
    return spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  };

  test('reads the events and the sheets of an export', async () => {
    await outputs.put('lottery', start, winner);
    await outputs.putObject(`sheets/${sheet}`, text);
    await run();
    const { stdout, status } = verify(directory);
    // What is no sheet of the draw is found in it.
    expect(stdout).toContain(sheet.slice(0, 8));
    expect(status).toBe(1);
    expect(verify(join(directory, 'events.jsonl')).stdout).not.toContain(sheet.slice(0, 8));
  });

  test('takes one without winners, and no other directory', async () => {
    // A run that began, as the verifier has to have it.
    await outputs.put('lottery', {
      ...start,
      seedCommitment: 'a'.repeat(64),
      windowMs: 1,
      graceMs: 0,
      recordId: 'r:1',
    });
    await run();
    const { stdout, status: whole } = verify(directory);
    expect(stdout).toContain('0 failures');
    expect(whole).toBe(0);
    await writeFile(join(parent, 'a.jsonl'), '');
    const { stderr, status } = verify(parent);
    expect([stderr.trim(), status]).toEqual([
      `Cannot read ${parent}: it is a directory, and has no events.jsonl in it`,
      2,
    ]);
  });
});
