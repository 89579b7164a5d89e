import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restoreCommand, sourceOf } from '../../../cli/restore/options.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What the command looks at. Everything else is refused, and noted as well. */
const LOOKS = ['DescribeTable', 'DescribeContinuousBackups', 'GET'];
const NOT_FOUND = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'None' };
/** The time that is restored to, in the window of recovery. */
const at = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');

let server: Server;
let endpoint: string;
let calls: string[];
let mappingState: string;

function lambdaAnswer(path: string): object {
  if (!path.includes('event-source-mappings')) {
    return {
      Timeout: 0,
      Environment: { Variables: { USERS_TABLE: 'dev-users', STREAM_RETENTION_HOURS: '24' } },
    };
  }
  const [, FunctionName] = /FunctionName=([\w-]+)/.exec(path) ?? [];
  if (FunctionName !== 'dev-user-events') return { EventSourceMappings: [] };
  return { EventSourceMappings: [{ UUID: 'mapping-1', State: mappingState, LastModified: 0 }] };
}

function dynamoAnswer(operation: string, table: string): object | undefined {
  if (operation === 'DescribeTable' && table === 'dev-users') return { Table: { TableName: table } };
  if (operation !== 'DescribeContinuousBackups') return undefined;
  const recovery = {
    EarliestRestorableDateTime: 0,
    LatestRestorableDateTime: Date.now() / 1000,
  };
  return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } };
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const [, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
    calls.push(operation ?? request.method ?? '');
    const body = await text(request);
    const answer =
      operation === undefined
        ? request.method === 'GET' && lambdaAnswer(request.url ?? '')
        : dynamoAnswer(operation, JSON.parse(body).TableName);
    response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer || NOT_FOUND));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('No port');
  endpoint = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server?.close();
});

beforeEach(() => {
  calls = [];
  mappingState = 'Disabled';
});

/** Runs the command on the stub, without a terminal. */
async function run(parameters: string, variables: Record<string, string | undefined> = {}) {
  const child = spawn(process.execPath, ['cli/restore.ts', ...parameters.split(' ')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      AWS_ENDPOINT_URL: endpoint,
      ...variables,
    },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, status };
}

describe('npm run restore', () => {
  it('changes nothing where nobody can be asked', async () => {
    const { stdout, stderr, status } = await run(`--env dev --to ${at}`);
    expect(stdout).toContain(`Restores dev to ${at}:`);
    expect(stderr).toBe('Nothing was changed: there is no terminal to ask on (--yes)\n');
    expect(status).toBe(1);
    expect(calls.filter((call) => !LOOKS.includes(call))).toEqual([]);
  });

  it('prints the plan of a dry run, even with --yes, and what stands against it', async () => {
    mappingState = 'Enabled';
    const { stdout, stderr, status } = await run(`--env dev --to ${at} --dry-run --yes`);
    expect(stdout).toContain(
      'dev-users: is restored into dev-users-restoring; dev-users is emptied and filled',
    );
    expect(stdout).toMatch(/\n\nA dry run: nothing was changed\n$/);
    expect(stderr).toMatch(/^Refused: The event source mapping of dev-user-events is Enabled .*\n$/);
    expect(status).toBe(1);
    mappingState = 'Disabled';
    expect(await run(`--env dev --to ${at} --dry-run --yes`)).toMatchObject({ stderr: '', status: 0 });
    expect(calls.filter((call) => !LOOKS.includes(call))).toEqual([]);
  });

  it('does not pause an environment unasked', async () => {
    const { stdout, stderr, status } = await run('--env dev --take-backup --disable-mappings');
    expect(stderr).toBe('Nothing was changed: there is no terminal to ask on (--yes)\n');
    expect({ stdout, status, calls }).toEqual({ stdout: '', status: 1, calls: [] });
  });

  it('backs nothing up while a mapping is enabled', async () => {
    mappingState = 'Enabled';
    const { stdout, stderr, status } = await run('--env dev --take-backup');
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^The event source mapping of dev-\S+ is Enabled[^\n]*\n$/);
    expect(status).toBe(1);
  });

  it('says in one line that no region is set', async () => {
    const { stdout, stderr, status } = await run(`--env dev --to ${at}`, { AWS_REGION: undefined });
    expect(stderr).toMatch(/^No region: set AWS_REGION or AWS_DEFAULT_REGION\.[^\n]*\n$/);
    expect({ stdout, status, calls }).toEqual({ stdout: '', status: 1, calls: [] });
  });
});

describe('its options', () => {
  it.each([
    ['--to T', "error: required option '--env <name>' not specified"],
    [
      '--env dev --to T --backups S',
      "error: option '--to <time>' cannot be used with option '--backups <set>'",
    ],
    [
      '--env dev --to T --imported T',
      "error: option '--to <time>' cannot be used with option '--imported <time>'",
    ],
    [
      '--env dev --backups S --imported T',
      "error: option '--backups <set>' cannot be used with option '--imported <time>'",
    ],
    [
      '--env dev --take-backup --dry-run',
      "error: option '--take-backup' cannot be used with option '--dry-run'",
    ],
  ])('%s: one line', (parameters, line) => {
    const written: string[] = [];
    const command = restoreCommand()
      .exitOverride()
      .configureOutput({ writeErr: (message) => written.push(message) });
    expect(() => command.parse(parameters.split(' '), { from: 'user' })).toThrow(
      expect.objectContaining({ exitCode: 1 }),
    );
    expect(written).toEqual([`${line}\n`]);
  });

  it('say what to restore', () => {
    const flags = { takeBackup: false, disableMappings: false, acceptLostEvents: false };
    expect(() => sourceOf({ ...flags, env: 'dev', dryRun: false, yes: true })).toThrow(
      'Say what to restore: --to TIME, --backups SET or --imported TIME (or --take-backup)',
    );
  });
});
