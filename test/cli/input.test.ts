import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError, openInput } from '../../cli/input.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'input-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** What was read before the error, and the error in one line. */
async function read(content: Buffer): Promise<{ path: string; text: string; error?: string }> {
  const path = join(directory, 'input');
  await writeFile(path, content);
  let text = '';
  try {
    for await (const chunk of await openInput(path)) text += chunk.toString('latin1');
    return { path, text };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { path, text, error: error.message };
  }
}

/** Does not compress, so that a cut is in the middle of it. */
const text = randomBytes(300_000).toString('hex');

describe('openInput', () => {
  it.each(['', 'x', 'xy', text])('reads a file as it is', async (content) => {
    expect((await read(Buffer.from(content))).text).toBe(content);
  });

  it('unpacks gzip, also what was compressed in parts', async () => {
    const parts = [gzipSync(text), gzipSync('and more')];
    expect((await read(Buffer.concat(parts))).text).toBe(`${text}and more`);
    expect((await read(gzipSync(''))).text).toBe('');
  });

  it('hands over all that can be unpacked before it says that gzip data is cut off', async () => {
    const whole = gzipSync(text);
    for (const bytes of [whole.length - 1, whole.length - 9, 200_000]) {
      const cut = await read(whole.subarray(0, bytes));
      expect(cut.error).toBe(`Cannot read ${cut.path}: its gzip data is cut off`);
      expect(text.startsWith(cut.text)).toBe(true);
      // Half of a byte is lost at most, but for the few that deflate holds back.
      expect(cut.text.length).toBeGreaterThan((bytes / whole.length) * text.length - 1_000);
    }
  });

  it('says that gzip data is damaged', async () => {
    const damaged = gzipSync(text);
    damaged.fill(0, 100_000, 150_000);
    const { path, error } = await read(damaged);
    expect(error).toBe(`Cannot read ${path}: its gzip data is damaged`);
  });

  it.each([
    ['missing.jsonl', 'there is no such file'],
    ['.', 'it is a directory'],
  ])('says in one line why %s cannot be read', async (name, reason) => {
    const path = join(directory, name);
    await expect(openInput(path)).rejects.toThrow(`Cannot read ${path}: ${reason}`);
  });
});
