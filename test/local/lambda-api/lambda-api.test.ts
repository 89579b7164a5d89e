import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';
import type { EventSourceMapping } from '../../../local/event-source-mapping/index.ts';
import { WorkerHost } from '../../../local/execution-environments/worker-host.ts';
import { lambdaApi } from '../../../local/lambda-api/lambda-api.ts';
import { LimitedHost } from '../../../local/limited-host.ts';

const region = 'us-east-1';
const accountId = '000000000000';
const functionArn = `arn:aws:lambda:${region}:${accountId}:function:probe`;
const sourceArn = `arn:aws:kinesis:${region}:${accountId}:stream/numbers`;

/** A mapping whose disabling takes as long as the test wants. */
class SlowMapping implements EventSourceMapping {
  readonly id = 'mapping-1';
  #enabled = true;
  finishDisabling: () => void = () => undefined;

  disable(): Promise<void> {
    this.#enabled = false;
    return new Promise((resolve) => {
      this.finishDisabling = resolve;
    });
  }

  enable(): void {
    this.#enabled = true;
  }

  status() {
    return {
      ...{ id: this.id, functionName: 'probe', sourceArn, caughtUp: true, caughtUpTo: null, behindMs: 0 },
      ...{ openWindows: 0, inFlight: 0, unfinished: 0, shards: 1 },
      state: this.#enabled ? ('Enabled' as const) : ('Disabled' as const),
    };
  }

  async drained(): Promise<void> {}
  async stop(): Promise<void> {}
}

let directory: string;
let host: LimitedHost;
let api: RunningEngine;
let lambda: LambdaClient;
const mapping = new SlowMapping();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lambda-api-'));
  const code =
    'export const handler = async (event) => { if (event.fail) throw new RangeError("too far"); return { got: event }; };';
  await writeFile(join(directory, 'index.mjs'), code);
  const worker = new WorkerHost({
    ...{ functionName: 'probe', functionArn, codeDirectory: directory, handler: 'index.handler' },
    ...{ timeoutMs: 20_000, memorySizeMb: 128, logGroupName: '/aws/lambda/probe' },
    variables: () => ({}),
    onLine: () => undefined,
  });
  host = new LimitedHost(worker);
  const functions = new Map([['probe', { host, variables: { USERS_TABLE: 'dev-users' } }]]);
  const context = { region, accountId, functions, mappings: new Map([['probe', [mapping]]]) };
  api = await listen(createServer(lambdaApi(context)), 0);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoint = `http://127.0.0.1:${api.port}`;
  lambda = new LambdaClient({ region, endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  lambda.destroy();
  await api.close();
  await host.close();
  await rm(directory, { recursive: true });
});

describe("Lambda's API", () => {
  it.each(['probe', functionArn, `${functionArn}:$LATEST`])('invokes %s', async (FunctionName) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{"number":7}' }));
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toEqual({ got: { number: 7 } });
  });

  it('tells an error of the function from a success', async () => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: 'probe', Payload: '{"fail":true}' }));
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    const error = { errorType: 'RangeError', errorMessage: 'too far' };
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toEqual(error);
  });

  it('refuses what it does not know, as Lambda does', async () => {
    const unknown = lambda.send(new InvokeCommand({ FunctionName: 'nobody' }));
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const later = lambda.send(new InvokeCommand({ FunctionName: 'probe', InvocationType: 'Event' }));
    await expect(later).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    const batch = new UpdateEventSourceMappingCommand({ UUID: mapping.id, BatchSize: 5 });
    await expect(lambda.send(batch)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it("gives a function's variables", async () => {
    const answer = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'probe' }));
    expect(answer.Environment?.Variables).toEqual({ USERS_TABLE: 'dev-users' });
  });

  it('lists mappings by function and by source', async () => {
    const list = async (input: { FunctionName?: string; EventSourceArn?: string }) => {
      const answer = await lambda.send(new ListEventSourceMappingsCommand(input));
      return answer.EventSourceMappings?.map(({ UUID }) => UUID);
    };
    expect(await list({ FunctionName: 'probe' })).toEqual([mapping.id]);
    expect(await list({ EventSourceArn: sourceArn })).toEqual([mapping.id]);
    expect(await list({ EventSourceArn: `${sourceArn}-other` })).toEqual([]);
  });

  it('pauses a mapping, which takes as long as its invocations under way, and resumes it', async () => {
    const { id: UUID } = mapping;
    const stateOf = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    expect(await stateOf()).toBe('Disabling');
    mapping.finishDisabling();
    expect(await stateOf()).toBe('Disabled');
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    expect(await stateOf()).toBe('Enabled');
  });

  it('reserves concurrency: with 0 the function is not invoked, until the limit is taken away', async () => {
    const FunctionName = 'probe';
    const reserve = (ReservedConcurrentExecutions: number) =>
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    const reserved = async () =>
      (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    const invoke = () => lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    expect(await reserved()).toBeUndefined();
    expect(await reserve(0)).toMatchObject({ ReservedConcurrentExecutions: 0 });
    expect(await reserved()).toBe(0);
    const throttled = { name: 'TooManyRequestsException', message: 'Rate Exceeded.' };
    await expect(invoke()).rejects.toMatchObject(throttled);
    await expect(reserve(-1)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'ReservedConcurrentExecutions must be a whole number from 0',
    });
    await reserve(1);
    // The second is there before the first has ended.
    const both = await Promise.allSettled([host.invoke({}), host.invoke({})]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: throttled }]);
    await reserve(0);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await reserved()).toBeUndefined();
    expect(await invoke()).toMatchObject({ StatusCode: 200 });
  });
});
