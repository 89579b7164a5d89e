import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { command as pause } from '../../../cli/commands/pause.ts';
import { command as resume } from '../../../cli/commands/resume.ts';
import { environmentOf, run } from './support.ts';

/** Functions of one mapping each. @param looks how often a mapping is seen under way before it is as it was told */
function functions(names: readonly string[], looks = 0) {
  const calls: string[] = [];
  const mappings = new Map<string, { state: 'Enabled' | 'Disabled'; left: number; throttled: boolean }>(
    names.map((name) => [`dev-${name}`, { state: 'Enabled', left: 0, throttled: false }]),
  );
  const of = (name = '') => {
    const found = mappings.get(name);
    if (found === undefined) throw new ResourceNotFoundException({ message: `${name}?`, $metadata: {} });
    return found;
  };
  const send = async (command: object) => {
    if (command instanceof GetFunctionConcurrencyCommand)
      return of(command.input.FunctionName).throttled ? { ReservedConcurrentExecutions: 0 } : {};
    if (command instanceof ListEventSourceMappingsCommand) {
      const { FunctionName: UUID = '' } = command.input;
      const mapping = of(UUID);
      const isThere = mapping.left === 0;
      if (!isThere) mapping.left -= 1;
      const State = isThere ? mapping.state : { Enabled: 'Enabling', Disabled: 'Disabling' }[mapping.state];
      return { EventSourceMappings: [{ UUID, State, EventSourceArn: `arn:aws:kinesis:::stream/${UUID}` }] };
    }
    calls.push(command.constructor.name);
    if (command instanceof UpdateEventSourceMappingCommand && of(command.input.UUID).left > 0)
      throw new ResourceInUseException({ message: 'It is being updated', $metadata: {} });
    if (command instanceof UpdateEventSourceMappingCommand)
      Object.assign(of(command.input.UUID), {
        state: command.input.Enabled ? 'Enabled' : 'Disabled',
        left: looks,
      });
    if (command instanceof PutFunctionConcurrencyCommand) of(command.input.FunctionName).throttled = true;
    if (command instanceof DeleteFunctionConcurrencyCommand) of(command.input.FunctionName).throttled = false;
    return {};
  };
  return { calls, environment: environmentOf({ lambda: { send } as unknown as LambdaClient }) };
}

const states = (printed: readonly string[]) => printed.map((text) => JSON.parse(text).mappings[0].state);

it('a function is paused by its mapping, the draw by its concurrency; what is so already stays', async () => {
  const { calls, environment } = functions(['ticks', 'draw']);
  expect(states((await run(pause, environment, 'ticks', '--json')).printed)).toEqual(['Disabled']);
  expect(states((await run(pause, environment, 'draw', '--json')).printed)).toEqual(['Throttled']);
  await run(pause, environment);
  expect(calls).toEqual(['UpdateEventSourceMappingCommand', 'PutFunctionConcurrencyCommand']);
  expect(states((await run(resume, environment, 'draw', '--json')).printed)).toEqual(['Enabled']);
});

it('waits until it is so, and says what is not in time', async () => {
  const soon = functions(['ticks'], 3);
  expect(states((await run(pause, soon.environment, 'ticks', '--json')).printed)).toEqual(['Disabled']);
  const never = functions(['ticks'], 1_000);
  await expect(run(pause, never.environment, 'ticks', '--timeout', '2')).rejects.toThrow(
    'After 2 s ticks is Disabling',
  );
});

it('goes on with one that was interrupted, or that nobody waited for', async () => {
  const { calls, environment } = functions(['ticks'], 4);
  for (const command of [pause, resume]) {
    await run(command, environment, 'ticks', '--no-wait');
    await run(command, environment, 'ticks');
  }
  expect(calls).toHaveLength(2);
});

it('says that a function is not there', async () => {
  const { environment } = functions([]);
  await expect(run(pause, environment, 'ticks')).rejects.toThrow('dev has no mapping of ticks');
});
