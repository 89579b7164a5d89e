import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../cli/command-options.ts';
import { assemblyIn, makeDirectoryOf } from '../../cli/start/directories.ts';

/** What commands say of what a person typed; that they say it and end is in integration/command-lines.test.ts. */

it.each([
  ['dev', 'prod:shards', '-c prod:shards is a setting of another environment: this is dev'],
  ['prod', 'dev:shards', '-c dev:shards is a setting of another environment: this is prod'],
  ['dev', 'shards', '-c shards: say of which environment, as in dev:shards'],
  ['x', 'dev:shards', "--env: there is no environment 'x', only dev, staging, prod"],
  ['dev', 'dev:shards', undefined],
])('--env %s -c %s=2: %s', (environment, key, problem) => {
  expect(problemOf(environment, { [key]: '2' })).toBe(problem);
});

describe('a directory', () => {
  it('of --assembly holds an app', () => {
    expect(() => assemblyIn('docs', 'dev')).toThrow(
      /^--assembly docs: there is no synthesized app in it, no manifest\.json$/,
    );
  });

  it('of --assembly holds the environment', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'options-'));
    const app = new App({ outdir: directory });
    app.synth();
    expect(() => assemblyIn(directory, 'x')).toThrow(/: there is no environment 'x' in it, nor any other$/);
    new Stage(app, 'dev');
    new Stage(app, 'prod');
    app.synth({ force: true });
    expect(() => assemblyIn(directory, 'x')).toThrow(/: there is no environment 'x' in it, only dev, prod$/);
    await rm(directory, { recursive: true });
  });

  it('of --data is one', () => {
    expect(() => makeDirectoryOf('--data', 'package.json')).toThrow(
      /^--data package\.json: it is not a directory$/,
    );
  });

  it('of --data can be made', () => {
    expect(() => makeDirectoryOf('--data', '/proc/x')).toThrow(/^--data \/proc\/x: [^\n]+$/);
  });
});
