import { type LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { type EnvironmentMapping, mappingsOf, type RunningEnvironment } from './environment.ts';

export interface PauseContext {
  lambda: LambdaClient;
  environment: RunningEnvironment;
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
}

const POLL_MS = 1_000;

/** Disables every mapping that is not. Does not wait for it. */
export async function disableMappings({ lambda, environment, say }: PauseContext): Promise<void> {
  for (const { uuid, functionName, state } of await mappingsOf(environment, lambda)) {
    if (state === 'Disabled' || state === 'Disabling') continue;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    say(`The event source mapping of ${functionName} is being disabled`);
  }
}

/**
 * Waits until nothing of the environment can write: its mappings are disabled, and what they had begun has ended or
 * timed out, of which Lambda says nothing.
 * @throws Error that names a mapping that somebody enabled
 */
export async function untilIdle(context: PauseContext): Promise<void> {
  for (;;) {
    const mappings = await mappingsOf(context.environment, context.lambda);
    refuseEnabled(mappings);
    const busy = mappings.filter((mapping) => isBusy(mapping, context.now()));
    if (busy.length === 0) return;
    context.say(`Waiting for ${busy.map(({ functionName }) => functionName).join(', ')} to come to rest`);
    await context.sleep(waitOf(busy, context.now()));
  }
}

/** @throws Error that names a mapping that is not disabled */
export async function refuseRunning({ environment, lambda }: PauseContext): Promise<void> {
  refuseEnabled(await mappingsOf(environment, lambda));
}

function refuseEnabled(mappings: readonly EnvironmentMapping[]): void {
  const running = mappings.find(({ state }) => state !== 'Disabled' && state !== 'Disabling');
  if (running === undefined) return;
  throw new Error(
    `The event source mapping of ${running.functionName} is ${running.state}: nothing may write while tables are copied`,
  );
}

function isBusy({ state, busyUntil }: EnvironmentMapping, now: Date): boolean {
  return state === 'Disabling' || (busyUntil !== undefined && busyUntil > now);
}

function waitOf(busy: readonly EnvironmentMapping[], now: Date): number {
  const ends = busy.map(({ busyUntil }) => (busyUntil?.getTime() ?? 0) - now.getTime());
  return Math.max(POLL_MS, ...ends);
}
