import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { subcommands } from '../../cli/commands/index.ts';
import { exitCodeOf, textOf } from '../../cli/exit-codes.ts';
import { runLottery } from '../../cli/program.ts';
import scripts from '../../cli/scripts.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };

/** What the command does with a command line that is wrong, or without an environment; with one: integration/lottery-command.test.ts. */

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lottery-'));
  // Of whoever runs the tests nothing is read, and nothing is asked of any network.
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', devNull);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', devNull);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

async function lottery(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await runLottery(argv, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    ...{ signal: new AbortController().signal, directory },
  });
  return { code, ...written };
}

describe.each([
  [['lss'], "error: unknown command 'lss'\n(Did you mean ls?)\n"],
  [['start'], "error: missing required argument 'lottery'\n"],
  [
    ['ls', '--limit', '0'],
    "error: option '--limit <number>' argument '0' is invalid. A whole number from 1 to 100000.\n",
  ],
  [
    ['buy', '7', '0'],
    "error: command-argument value '0' is invalid for argument 'coupons'. A whole number from 1 to 4503599627370496.\n",
  ],
  [
    ['buy', '7', '1e3'],
    "error: command-argument value '1e3' is invalid for argument 'coupons'. A whole number from 1 to 4503599627370496.\n",
  ],
  [['start', 'x'.repeat(129)], 'The id of a lottery has 1 to 128 characters, this one 129\n'],
  [['click', '', 'promo'], 'The id of a user has 1 to 128 characters, this one 0\n'],
  [['click', '\ud800', 'promo'], 'The id of a user cannot have half of a character in it\n'],
  [
    ['start', 'promo', '--at', 'noon'],
    '--at: "noon" is no time: as 2026-05-01T12:00:00Z, or from now as +10m or -2h\n',
  ],
  [
    ['start', 'promo', '--prize', 'x'.repeat(65_537)],
    '--prize: at most 1000 prizes, of 64 KB in all and without half characters\n',
  ],
  [
    ['pause', 'drwa'],
    'There is no function "drwa", only lottery-events, user-events, draw, ticks, archive\n',
  ],
  [['pause', 'draw', '--lottery', 'promo'], 'Name a function or --lottery, not both\n'],
])('lottery %j', (argv, line) => {
  it('is wrong usage, in one line on stderr', async () => {
    expect(await lottery(...argv)).toEqual({ code: 2, stdout: '', stderr: line });
  });
});

describe('without an environment', () => {
  const notHere = 'No environment dev runs on this machine (npm start -- --env dev)';

  it('says that none runs, and that there is no region', async () => {
    const stderr = `${notHere}, and for a deployed one there is no region: set AWS_REGION or AWS_DEFAULT_REGION\n`;
    expect(await lottery('ls')).toEqual({ code: 3, stdout: '', stderr });
  });

  it('says that there are no credentials', async () => {
    vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1');
    const { code, stderr } = await lottery('ls');
    expect(stderr).toContain(`${notHere}, and for the one in eu-west-1 there are no credentials: `);
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 3, lines: 2 });
  });

  it('says that the one that is deployed cannot be reached', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', 'http://127.0.0.1:1');
    const { code, stderr } = await lottery('ls');
    expect(stderr).toContain(`${notHere}, and the one in eu-west-1 cannot be reached: `);
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 3, lines: 2 });
  });

  it('refuses a name that is a path', async () => {
    const stderr = '--env: "../dev" is no name of an environment\n';
    expect(await lottery('ls', '--env', '../dev')).toEqual({ code: 3, stdout: '', stderr });
  });
});

describe('help', () => {
  it('names every subcommand, and every script that is one', async () => {
    const { code, stdout } = await lottery('--help');
    const named = [...stdout.matchAll(/^ {2}(\w+)(?: |$)/gm)].map(([, name]) => name);
    expect(named).toEqual([...Object.keys(subcommands), ...Object.keys(scripts)]);
    expect(code).toBe(0);
  });

  it.each(Object.keys(subcommands))('of %s has what it is for and examples', async (name) => {
    const { code, stdout } = await lottery(name, '--help');
    expect(stdout).toContain(`Usage: lottery ${name} [options]`);
    expect(stdout).toContain(`  lottery ${name}`);
    expect(code).toBe(0);
  });

  it('has scripts that are in package.json', () => {
    for (const { script } of Object.values(scripts)) expect(packageJson.scripts).toHaveProperty(script);
  });
});

describe('what an error ends with', () => {
  it.each([
    [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }), 3],
    [Object.assign(new Error('expired'), { name: 'ExpiredTokenException' }), 3],
    [Object.assign(new Error('not yours'), { name: 'AccessDeniedException' }), 1],
    [new Error('no'), 1],
  ])('%s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('is told in one line, with the name that AWS gives it', () => {
    const error = Object.assign(new Error('You are not\n  authorized'), { name: 'AccessDeniedException' });
    expect(textOf(error)).toBe('AccessDeniedException: You are not authorized');
  });

  it('of a connection that failed at every address is not nothing', () => {
    expect(textOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toContain('ECONNREFUSED');
  });
});
