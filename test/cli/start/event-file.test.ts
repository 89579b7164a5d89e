import { describe, expect, it } from 'vitest';
import { InputError } from '../../../cli/input.ts';
import { eventLines } from '../../../cli/start/event-file.ts';

const MEGABYTE = 1_048_576;

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** The lines as `[number, hex]`, and what was said about others. */
async function read(content: string | Buffer, chunk = 64 * 1024) {
  const lines: [number, string][] = [];
  const problems: string[] = [];
  const onProblem = (text: string) => problems.push(text);
  for await (const { number, data } of eventLines(chunksOf(Buffer.from(content), chunk), { onProblem })) {
    lines.push([number, Buffer.from(data).toString('latin1')]);
  }
  return { lines, problems };
}

describe('eventLines', () => {
  it.each([1, 2, 3, 7, 1_000])(
    'keeps the bytes of each line and leaves out blank ones and the byte order mark, %i bytes at a time',
    async (chunk) => {
      const mark = Buffer.from([0xef, 0xbb, 0xbf]);
      const odd = Buffer.from([0xff, 0xfe, 0x00, 0x0a]);
      const content = Buffer.concat([mark, Buffer.from('{"a":1}\r\n\n  \r\n'), odd, Buffer.from('last')]);
      expect(await read(content, chunk)).toEqual({
        lines: [
          [1, '{"a":1}\r'],
          [4, '\xff\xfe\x00'],
          [5, 'last'],
        ],
        problems: [],
      });
    },
  );

  it('finds no line in nothing, in newlines, or in a byte order mark', async () => {
    for (const content of ['', '\n\n', '\ufeff']) {
      expect(await read(content)).toEqual({ lines: [], problems: [] });
    }
  });

  it('leaves out a line that fits into no record, says so once, and goes on', async () => {
    const fits = 'x'.repeat(MEGABYTE);
    const { lines, problems } = await read(`${fits}\n${fits}x\n${'y'.repeat(10 * MEGABYTE)}\nlast\n`);
    expect(lines).toEqual([
      [1, fits],
      [4, 'last'],
    ]);
    expect(problems).toEqual([
      'Line 2 has 1,048,577 bytes, a record holds 1,048,576: left out',
      'Line 3 has 10,485,760 bytes, a record holds 1,048,576: left out',
    ]);
  });

  it.each(['utf16le', 'utf-16be'])('says of %s what to do', async (encoding) => {
    const text = Buffer.from('\ufeff{"a":1}\n', 'utf16le');
    const { lines, problems } = await read(encoding === 'utf16le' ? text : text.swap16());
    expect(lines).toEqual([]);
    expect(problems).toEqual(['The text is UTF-16: save it as UTF-8']);
  });

  it('takes a failing input for its end, without the line that it broke off in', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('one\ntwo\nthr');
      throw new InputError('Cannot read x: its gzip data is cut off');
    }
    const problems: string[] = [];
    const lines: number[] = [];
    for await (const { number } of eventLines(failing(), { onProblem: (text) => problems.push(text) })) {
      lines.push(number);
    }
    expect(lines).toEqual([1, 2]);
    expect(problems).toEqual(['Cannot read x: its gzip data is cut off, after line 2']);
  });
});
