import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEventLines, route } from '../../../local/cli/event-lines.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'event-lines-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('route', () => {
  it.each([
    ['{"type":"LotteryStartEvent","lotteryId":1}', 'lottery', '1'],
    ['{"type":"LotteryStopEvent","lotteryId":"x"}', 'lottery', 'x'],
    ['{"type":"LotteryStartEvent","lotteryId":-1}', 'lottery', 'no-id'],
    ['{"type":"UserBuyCouponEvent","userId":12}', 'user', '12'],
    ['{"type":"UserClickEvent","userId":"12","lotteryId":1}', 'user', '12'],
    ['{"type":"toString","userId":3}', 'user', '3'],
    ['{"userId":3}', 'user', '3'],
    ['[1]', 'user', 'no-id'],
    ['null', 'user', 'no-id'],
    ['not json', 'user', 'no-id'],
  ])('sends %s to the %s stream under the key %s', (text, stream, partitionKey) => {
    expect(route(text)).toEqual({ stream, partitionKey });
  });
});

describe('readEventLines', () => {
  it('keeps the bytes of each line and leaves out blank lines', async () => {
    const path = join(directory, 'events.jsonl');
    await writeFile(
      path,
      Buffer.concat([Buffer.from('{"a":1}\n\n  \r\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('last')]),
    );
    const lines = await readEventLines(path);
    expect(lines.map(({ number, data }) => [number, Buffer.from(data).toString('hex')])).toEqual([
      [1, Buffer.from('{"a":1}').toString('hex')],
      [4, 'fffe'],
      [5, Buffer.from('last').toString('hex')],
    ]);
  });

  it('names a line that fits into no record', async () => {
    const path = join(directory, 'events.jsonl');
    const fits = 'x'.repeat(1_048_576);
    await writeFile(path, `${fits}\n`);
    await expect(readEventLines(path)).resolves.toHaveLength(1);
    await writeFile(path, `${fits}\n${fits}x\n`);
    await expect(readEventLines(path)).rejects.toThrow(
      `${path}, line 2 has 1,048,577 bytes, a record holds 1,048,576`,
    );
  });

  it.each([
    ['missing.jsonl', 'there is no such file'],
    ['.', 'it is a directory'],
  ])('says in one line why %s cannot be read', async (name, reason) => {
    const path = join(directory, name);
    await expect(readEventLines(path)).rejects.toThrow(`Cannot read the events file ${path}: ${reason}`);
  });
});
