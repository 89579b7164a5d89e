import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAggregate, writeAggregate } from '../../../lambda/core/kpl.ts';

const script = fileURLToPath(new URL('../../data/make-aggregated.py', import.meta.url));

const event = fc.tuple(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.option(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String)),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64')),
);

it('reads what another encoder makes of any events, and writes the same', async ({ skip }) => {
  const asked = fc.sample(fc.array(event, { minLength: 1, maxLength: 30 }), 200);
  const running = promisify(execFile)('python3', [script, '--stdin'], { maxBuffer: 2 ** 26 });
  running.child.stdin?.on('error', () => {}).end(asked.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const { stdout } = await running.catch((error: Error) => {
    if (!/ENOENT|No module named 'aws_kinesis_agg'/.test(error.message)) throw error;
    return skip('Python with aws-kinesis-agg is not here: python3 -m pip install aws-kinesis-agg==1.2.3 six');
  });
  const made: string[][] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(made).toHaveLength(asked.length);
  for (const [index, records] of made.entries()) {
    const events = (asked[index] ?? []).map(([partitionKey, , data]) => ({
      partitionKey,
      data: Buffer.from(data, 'base64'),
    }));
    const read = records.map((record) => readAggregate(Buffer.from(record, 'base64')));
    expect(read.flat()).toEqual(events);
    const hasHashKeys = asked[index]?.some(([, hashKey]) => hashKey !== null);
    if (!hasHashKeys) expect(writeAggregate(events).toString('base64')).toBe(records[0]);
  }
});
