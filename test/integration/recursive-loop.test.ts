import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import type { AwsCall, Interceptor } from '../../local/proxy/aws-call.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime, RuntimeEvent } from '../../local/runtime-options.ts';
import { synthesizeDev } from './support/pipeline.ts';

/** Lambda stops a chain after about 16 invocations. */
const ROUNDS_OF_A_CHAIN = 16;

const HOUR_MS = 3_600_000;

let assembly: Assembly;
let runtime: Runtime | undefined;
let rounds: number;
let events: RuntimeEvent[];

beforeAll(async () => {
  assembly = await synthesizeDev();
});

afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
});

/** Counts the messages that the tick function sends back, and has them come at once instead of in 15 minutes. */
const countRounds: Interceptor = (call, forward) => {
  if (call.operation !== 'SendMessageBatch' || !call.caller.startsWith('dev-ticks.')) return forward();
  rounds += 1;
  return forward(withoutDelay(call));
};

function withoutDelay(call: AwsCall): AwsCall {
  const body: { Entries: object[] } = JSON.parse(call.body.toString());
  const Entries = body.Entries.map((entry) => ({ ...entry, DelaySeconds: 0 }));
  return { ...call, body: Buffer.from(JSON.stringify({ ...body, Entries })) };
}

/** The app with the message for the last window of a lottery, in five hours. */
async function startWithLastTick(stacks: Assembly['stacks']): Promise<void> {
  rounds = 0;
  events = [];
  runtime = await startRuntime({
    assembly: { ...assembly, stacks },
    intercept: countRounds,
    observer: (event) => events.push(event),
  });
  const at = Date.now() + 5 * HOUR_MS;
  const message = { at, dueAt: at, tick: { lotteryId: '1', run: 1, windowStart: 0 } };
  await runtime.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: runtime.outputs.TicksQueueUrl, MessageBody: JSON.stringify(message) }),
  );
}

/** The templates as they were without the setting. */
function withoutSetting({ stacks }: Assembly): Assembly['stacks'] {
  return stacks.map((stack) => {
    const template: Assembly['stacks'][number]['template'] = structuredClone(stack.template);
    for (const { Properties } of Object.values(template.Resources)) delete Properties.RecursiveLoop;
    return { ...stack, template };
  });
}

function stopped(): string[] {
  return events.flatMap((event) =>
    event.type === 'mapping' && event.event.type === 'loopStopped' ? [event.functionName] : [],
  );
}

describe('a last window more than four hours ahead', () => {
  it('goes round the queue of ticks more often than Lambda lets loops go', async () => {
    await startWithLastTick(assembly.stacks);
    await expect.poll(() => [rounds > 2 * ROUNDS_OF_A_CHAIN, stopped()]).toEqual([true, []]);
  });

  it('would never come without RecursiveLoop: Allow', async () => {
    await startWithLastTick(withoutSetting(assembly));
    await expect.poll(stopped).toEqual(['dev-ticks']);
    expect(rounds).toBe(ROUNDS_OF_A_CHAIN);
  });
});
