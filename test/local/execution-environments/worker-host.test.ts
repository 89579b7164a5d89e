import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerHost, type WorkerHostOptions } from '../../../local/execution-environments/worker-host.ts';

let directory: string;
let host: WorkerHost;
let lines: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'worker-host-'));
  lines = [];
});

afterEach(async () => {
  await host.close();
  await rm(directory, { recursive: true });
});

async function hostOf(code: string, options: Partial<WorkerHostOptions> = {}): Promise<WorkerHost> {
  await writeFile(join(directory, 'index.mjs'), code);
  host = new WorkerHost({
    functionName: 'probe',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
    codeDirectory: directory,
    handler: 'index.handler',
    timeoutMs: 20_000,
    memorySizeMb: 128,
    logGroupName: '/aws/lambda/probe',
    variables: (id) => ({ ENVIRONMENT_ID: id }),
    onLine: (line) => lines.push(line),
    ...options,
  });
  return host;
}

const COUNT = 'let count = 0; export const handler = async (event) => ({ event, count: ++count });';

describe('WorkerHost', () => {
  it('answers with the response and keeps the execution environment between invocations', async () => {
    await hostOf(COUNT);
    expect(await host.invoke({ a: 1 })).toEqual({ event: { a: 1 }, count: 1 });
    expect(await host.invoke('again')).toEqual({ event: 'again', count: 2 });
    expect(host.coldStarts).toBe(1);
  });

  it('hands over no response of more than 6 MB, and keeps the environment', async () => {
    await hostOf(`export const handler = async (length) => 'x'.repeat(length);`);
    await expect(host.invoke(6_291_555)).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
      message: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    // With the quotes that JSON puts around it.
    expect(await host.invoke(6_291_554)).toHaveLength(6_291_554);
    expect(host.coldStarts).toBe(1);
  });

  it('starts another environment for an invocation that comes while the first is busy', async () => {
    await hostOf(`
      export const handler = async (event) => {
        await new Promise((resolve) => setTimeout(resolve, event.ms));
        return process.env.ENVIRONMENT_ID;
      };`);
    const both = await Promise.all([host.invoke({ ms: 200 }), host.invoke({ ms: 200 })]);
    expect(both.toSorted()).toEqual(['probe.1', 'probe.2']);
    await host.invoke({ ms: 0 });
    expect(host.coldStarts).toBe(2);
  });

  it('turns a thrown error into a FunctionError with its type, and keeps the environment', async () => {
    await hostOf(`
      let count = 0;
      export const handler = async () => {
        count += 1;
        if (count === 1) throw new RangeError('too far');
        return count;
      };`);
    await expect(host.invoke({})).rejects.toMatchObject({
      name: 'FunctionError',
      functionName: 'probe',
      errorType: 'RangeError',
      message: 'too far',
    });
    expect(await host.invoke({})).toBe(2);
  });

  it('ends a function that runs into its time-out, and starts a fresh one after it', async () => {
    await hostOf(
      `let count = 0;
       export const handler = (event) => { count += 1; while (event.hang) {} return count; };`,
      { timeoutMs: 3_000 },
    );
    expect(await host.invoke({})).toBe(1);
    await expect(host.invoke({ hang: true })).rejects.toMatchObject({
      errorType: 'Sandbox.Timedout',
      message: expect.stringContaining('Task timed out after 3.00 seconds'),
    });
    expect(await host.invoke({})).toBe(1);
    expect(host.coldStarts).toBe(2);
  });

  it.each([
    ['process.exit(3)', 'Runtime.ExitError'],
    ['setTimeout(() => { throw new TypeError("late") }); return new Promise(() => {})', 'TypeError'],
  ])('replaces an environment that crashes: %s', async (crash, errorType) => {
    await hostOf(`export const handler = (event) => { if (event.crash) { ${crash} } return 'fine'; };`);
    await expect(host.invoke({ crash: true })).rejects.toMatchObject({ errorType });
    expect(await host.invoke({})).toBe('fine');
  });

  it('fails the invocation under way when it is killed, and goes on with a fresh environment', async () => {
    await hostOf(`
      export const handler = (event) => {
        if (event.wait) { console.log('waiting'); return new Promise(() => setInterval(() => {}, 1000)); }
        return process.env.ENVIRONMENT_ID;
      };`);
    const waiting = host.invoke({ wait: true });
    const failed = expect(waiting).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    await expect.poll(() => lines).toContain('waiting');
    await host.kill('probe.1');
    await failed;
    expect(await host.invoke({})).toBe('probe.2');
  });

  it('shows the function its own variables and nothing of the host', async () => {
    process.env.HOST_SECRET = 'leak';
    await hostOf('export const handler = () => ({ ...process.env });');
    try {
      expect(await host.invoke({})).toEqual({
        ENVIRONMENT_ID: 'probe.1',
        _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
      });
    } finally {
      delete process.env.HOST_SECRET;
    }
  });

  it('gives each invocation a trace header of its own, which counts one more than what its message brought', async () => {
    await hostOf(`
      export const handler = async (event) => {
        const before = process.env._X_AMZN_TRACE_ID;
        await new Promise((resolve) => setTimeout(resolve, event.ms));
        return [before, process.env._X_AMZN_TRACE_ID];
      };`);
    const invoke = async (count: number, ms: number) => {
      const AWSTraceHeader = `Root=1-0-0;Lineage=12345678:7|${id}:${count}`;
      const seen = await host.invoke({ ms, Records: [{ attributes: { AWSTraceHeader } }] });
      return String(seen)
        .split(',')
        .map((header) => header.replace(/.*;Lineage=/, ''));
    };
    const fresh = String(await host.invoke({ ms: 0 }));
    const id = /;Lineage=([0-9a-f]{8}):1,/.exec(fresh)?.[1];
    // The first of these two ends after the second has begun and ended.
    const both = await Promise.all([invoke(3, 300), invoke(8, 0)]);
    const expected = [4, 9].map((count) => Array(2).fill(`12345678:7|${id}:${count}`));
    expect(both).toEqual(expected);
    expect(await invoke(11, 0)).toEqual(Array(2).fill(`12345678:7|${id}:12`));
  });

  it('gives the handler the context that Lambda gives', async () => {
    await hostOf(`export const handler = (event, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis() });`);
    const context = await host.invoke({});
    expect(context).toMatchObject({
      functionName: 'probe',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/probe',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context).toHaveProperty('remaining', expect.closeTo(20_000, -4));
  });

  it('hands over what the function writes, line by line', async () => {
    await hostOf(`export const handler = () => { console.log('out\\nmore'); console.error('err'); };`);
    expect(await host.invoke({})).toBeUndefined();
    await expect.poll(() => lines.toSorted()).toEqual(['err', 'more', 'out']);
  });

  it('reports code that cannot be loaded', async () => {
    await hostOf('throw new Error("broken module");');
    await expect(host.invoke({})).rejects.toMatchObject({ message: 'broken module' });
    await host.close();
    await hostOf('export const other = 1;');
    await expect(host.invoke({})).rejects.toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });
});
