/** local/ runs an app that it has never heard of: from its synthesis to what its function wrote. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Assembly, synthesize } from '../../../local/cloudformation/assembly.ts';
import { isObject } from '../../../local/cloudformation/template.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Runtime } from '../../../local/runtime-options.ts';

const project = fileURLToPath(new URL('.', import.meta.url));
const local = fileURLToPath(new URL('../../../local', import.meta.url));

describe('an app without a stage', () => {
  let assembly: Assembly;
  let runtime: Runtime;
  const calls = new Set<string>();

  beforeAll(async () => {
    assembly = await synthesize({ project });
    runtime = await startRuntime({
      assembly,
      // A window ends by the clock; Lambda would wait for more records, for two minutes.
      emulation: { idleWindowCloseMs: 0 },
      intercept(call, forward) {
        calls.add(`${call.operation} of ${call.caller}`);
        return forward();
      },
    });
  });

  afterAll(() => runtime?.stop());

  /** What the table holds, by id, of those ids that begin so. */
  async function amounts(start: string): Promise<Record<string, number>> {
    const { Items = [] } = await runtime.clients.dynamodb.send(
      new ScanCommand({ TableName: runtime.outputs.LogName, ConsistentRead: true }),
    );
    const all = Items.map(({ id, amount }): [string, number] => [id?.S ?? '', Number(amount?.N)]);
    return Object.fromEntries(all.filter(([id]) => id.startsWith(start)));
  }

  it('is there when its custom resource has answered, which its own function may write before', async () => {
    expect(runtime.outputs).toMatchObject({ Height: '1200 m', SurveyId: 'hill' });
    expect(await amounts('survey')).toEqual({ 'survey: 1200': 1_200 });
  });

  it('stores the result of each window', async () => {
    const Records = ['1', '20', '300'].map((data) => ({ PartitionKey: 'roof', Data: Buffer.from(data) }));
    await runtime.clients.kinesis.send(
      new PutRecordsCommand({ StreamName: runtime.outputs.RainName, Records }),
    );
    // On a busy machine the records may arrive on both sides of a window's end.
    const total = async () => Object.values(await amounts('rain')).reduce((sum, amount) => sum + amount, 0);
    await expect.poll(total).toBe(321);
    const windows = Object.keys(await amounts('rain'));
    for (const id of windows) expect(id).toMatch(/^rain from \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('has handled a message of the queue once its mappings are drained', async () => {
    const { NotesUrl: QueueUrl, StationName: station = '' } = runtime.outputs;
    await runtime.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'fog' }));
    const mappings = runtime.mappings.get(station) ?? [];
    expect(mappings).toHaveLength(2);
    await Promise.all(mappings.map((mapping) => mapping.drained()));
    expect(await amounts('note')).toEqual({ 'note: fog': 1 });
    // The interceptor sees who calls: each execution environment of the function, and this test.
    expect(calls).toContain(`PutItem of ${station}.1`);
    expect(calls).toContain('SendMessage of local');
  });

  it('leaves nothing behind when it is stopped', async () => {
    const code = codeOf(assembly);
    expect(code.filter(existsSync)).toHaveLength(2);
    await runtime.stop();
    expect(code.filter(existsSync)).toEqual([]);
    for (const endpoint of [...Object.values(runtime.endpoints), runtime.lambdaEndpoint]) {
      await expect(fetch(endpoint), endpoint).rejects.toThrow('fetch failed');
    }
  });
});

function codeOf({ stacks, assetPath }: Assembly): string[] {
  return stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .flatMap(({ Properties: { Code: code } }) =>
      isObject(code) && typeof code.S3Key === 'string' ? [assetPath(code.S3Key) ?? ''] : [],
    );
}

it('is run by something that names nothing of the app of this repository', () => {
  const files = globSync(`${local}/**/*.ts`);
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => /lottery|coupon/i.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('imports packages alone', () => {
  for (const file of ['app.ts', 'station.ts', 'surveyor.ts']) {
    expect(readFileSync(`${project}${file}`, 'utf8'), file).not.toMatch(/from '\./);
  }
});
