import { beforeEach, describe, expect, it } from 'vitest';
import { type RunningEnvironment, readEnvironmentOf } from '../../../cli/restore/environment.ts';
import { disableMappings, type PauseContext, refuseRunning, untilIdle } from '../../../cli/restore/pause.ts';
import { type StubLambda, stubLambda } from './support.ts';

const TIMEOUT_SECONDS = 60;

const variables = {
  'dev-lottery-events': { LOTTERIES_TABLE: 'dev-lotteries', SEEDS_TABLE: 'dev-seeds' },
  'dev-user-events': {
    USERS_TABLE: 'dev-users',
    LOTTERIES_TABLE: 'dev-lotteries',
    STREAM_RETENTION_HOURS: '24',
  },
  'dev-draw': { DRAWS_TABLE: 'dev-draws', ENTRIES_STREAM: 'dev-entries' },
  'dev-ticks': {},
  'dev-archive': {},
};

let lambda: StubLambda;
let environment: RunningEnvironment;
let now: number;
let waited: number[];
let context: PauseContext;

beforeEach(async () => {
  lambda = stubLambda(variables, TIMEOUT_SECONDS);
  environment = await readEnvironmentOf('dev', lambda.client);
  now = Date.parse('2026-05-01T12:00:00Z');
  waited = [];
  context = {
    ...{ lambda: lambda.client, environment },
    say: () => undefined,
    now: () => new Date(now),
    async sleep(ms) {
      waited.push(ms);
      now += ms;
    },
  };
});

describe('an environment', () => {
  it('has every table that one of its functions has, whichever there are, once', () => {
    expect(environment.tables).toEqual(['dev-draws', 'dev-lotteries', 'dev-seeds', 'dev-users']);
    expect(environment.retentionHours).toBe(24);
  });

  it('is refused where a function is missing, or has a table of another environment', async () => {
    const { 'dev-draw': _, ...others } = variables;
    await expect(readEnvironmentOf('dev', stubLambda(others).client)).rejects.toThrow(
      'There is no function dev-draw: is the environment deployed in this account and region?',
    );
    const foreign = { ...variables, 'dev-draw': { DRAWS_TABLE: 'prod-draws' } };
    await expect(readEnvironmentOf('dev', stubLambda(foreign).client)).rejects.toThrow(
      "DRAWS_TABLE of dev-draw is 'prod-draws', not a table of dev",
    );
    const none = Object.fromEntries(Object.keys(variables).map((name) => [name, {}]));
    await expect(readEnvironmentOf('dev', stubLambda(none).client)).rejects.toThrow(
      'The functions of dev name no table',
    );
  });
});

describe('pausing', () => {
  it('waits for a mapping that is being disabled, and for what it had begun to time out', async () => {
    lambda.mappings.set('dev-draw', { state: 'Disabled', lastModified: new Date(now - 3_600_000) });
    lambda.mappings.set('dev-user-events', { state: 'Disabling' });
    const disabledAt = now + 3_000;
    await untilIdle({
      ...context,
      async sleep(ms) {
        await context.sleep(ms);
        if (now >= disabledAt && lambda.mappings.get('dev-user-events')?.state === 'Disabling')
          lambda.mappings.set('dev-user-events', { state: 'Disabled', lastModified: new Date(disabledAt) });
      },
    });
    expect(now).toBe(disabledAt + TIMEOUT_SECONDS * 1000);
  });

  it('does not wait for what has been disabled for long', async () => {
    lambda.mappings.set('dev-draw', { state: 'Disabled', lastModified: new Date(now - 3_600_000) });
    await untilIdle(context);
    expect(waited).toEqual([]);
  });

  it('disables what is enabled, and refuses what somebody enabled again', async () => {
    lambda.mappings.set('dev-draw', { state: 'Enabled' });
    await disableMappings(context);
    expect(lambda.mappings.get('dev-draw')?.state).toBe('Disabling');
    await refuseRunning(context);
    for (const state of ['Enabled', 'Enabling', 'Creating', 'Updating']) {
      lambda.mappings.set('dev-draw', { state });
      await expect(untilIdle(context)).rejects.toThrow(`of dev-draw is ${state}: nothing may write`);
      await expect(refuseRunning(context)).rejects.toThrow(`of dev-draw is ${state}`);
    }
  });
});
