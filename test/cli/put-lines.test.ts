import { expect, it } from 'vitest';
import { putLine, recordsInLines } from '../../cli/put-lines.ts';

async function read(text: string, recordOf?: Parameters<typeof recordsInLines>[1]) {
  const chunks = (async function* () {
    yield Buffer.from(text);
  })();
  const records: unknown[] = [];
  for await (const { stream, partitionKey, data } of recordsInLines(chunks, recordOf))
    records.push([stream, partitionKey, String(data)]);
  return records;
}

const asBytes = (line: Buffer) => putLine(line, { stream: 'lottery', key: 'k' });

it('events go where their type and id send them, and what is none to the user stream', async () => {
  const start = '{"type":"LotteryStartEvent","lotteryId":1}';
  const click = '{"type":"UserClickEvent","userId":"a"}';
  expect(await read(`${start}\n\n${click}\r\n  \nno event`)).toEqual([
    ['lottery', '1', start],
    ['user', 'a', `${click}\r`],
    ['user', 'no-id', 'no event'],
  ]);
});

it('bytes go where they are sent, each record under a key of its own where none is given', async () => {
  expect(await read('YQ==\r\nYWI=\nYWJj\n', asBytes)).toEqual([
    ['lottery', 'k', 'a'],
    ['lottery', 'k', 'ab'],
    ['lottery', 'k', 'abc'],
  ]);
  const keys = ['YQ==', 'YQ=='].map((line) => putLine(Buffer.from(line), { stream: 'user' }).partitionKey);
  expect(new Set(keys).size).toBe(2);
});

it.each(['YQ', 'Y_==', '{"type":1}', 'YQ==YQ==', 'YQ== YQ=='])(
  '%s is not base64, and its line is named',
  async (line) => {
    await expect(read(`YQ==\n${line}\n`, asBytes)).rejects.toThrow('Line 2: it is not base64');
  },
);

it('a line that no record could hold is named', async () => {
  await expect(read(`a\n${'x'.repeat(1_400_001)}`)).rejects.toThrow(
    'Line 2 has 1400001 bytes, and a record 1 MiB at most',
  );
});
