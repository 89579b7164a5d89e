import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = fileURLToPath(new URL('../../.github/scripts/', import.meta.url));

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scripts-'));
  program('npx', 'echo "npx $*" >> calls; echo "Resources: none"');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A program that stands in for one of the same name. */
function program(name: string, body: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(directory, name), 0o755);
}

function run(script: string, variables: Record<string, string>) {
  const PATH = [directory, process.env.PATH].join(delimiter);
  const env = { PATH, GITHUB_STEP_SUMMARY: 'summary.md', ...variables };
  return spawnSync('bash', [join(scripts, script)], { cwd: directory, encoding: 'utf8', env });
}

function calls(): string[] {
  return readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');
}

describe('synth.sh', () => {
  it('says what the GitHub environment knows', () => {
    const { status } = run('synth.sh', {
      ENVIRONMENT: 'prod',
      AWS_ACCOUNT: '000000000000',
      AWS_REGION: 'eu-west-1',
      ALARM_EMAIL: 'ops@example.com',
      ALARM_TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:ops',
      PAGE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:pager',
      CDK_QUALIFIER: 'lotprod',
    });
    expect(status).toBe(0);
    expect(calls()).toEqual([
      'npx cdk synth --quiet --no-notices --no-lookups prod/* -c prod:account=000000000000' +
        ' -c prod:region=eu-west-1 -c prod:alarmEmail=ops@example.com' +
        ' -c prod:alarmTopicArn=arn:aws:sns:eu-west-1:000000000000:ops' +
        ' -c prod:pageTopicArn=arn:aws:sns:eu-west-1:000000000000:pager' +
        ' -c @aws-cdk/core:bootstrapQualifier=lotprod',
    ]);
  });

  it('leaves to the settings what is empty there', () => {
    run('synth.sh', { ENVIRONMENT: 'dev', AWS_ACCOUNT: '', ALARM_EMAIL: '' });
    expect(calls()).toEqual(['npx cdk synth --quiet --no-notices --no-lookups dev/*']);
  });
});

describe('unpack.sh', () => {
  const pack = () => {
    writeFileSync(join(directory, 'cdk.out'), 'an assembly');
    spawnSync('tar', ['czf', 'cdk.out.tgz', 'cdk.out'], { cwd: directory });
    const { stdout } = spawnSync('sha256sum', ['cdk.out.tgz'], { cwd: directory, encoding: 'utf8' });
    rmSync(join(directory, 'cdk.out'));
    return stdout.slice(0, 64);
  };

  it('unpacks what has the digest', () => {
    expect(run('unpack.sh', { DIGEST: pack() }).status).toBe(0);
    expect(readFileSync(join(directory, 'cdk.out'), 'utf8')).toBe('an assembly');
  });

  it.each(['', '0'.repeat(64)])('and nothing else: "%s"', (DIGEST) => {
    pack();
    expect(run('unpack.sh', { DIGEST }).status).not.toBe(0);
    expect(() => readFileSync(join(directory, 'cdk.out'))).toThrow('ENOENT');
  });
});

describe('diff.sh', () => {
  const fixed = '--app cdk.out --exclusively --no-notices --no-color --method=template';

  it('shows the diff of the assembly, and which one it is', () => {
    expect(run('diff.sh', { ENVIRONMENT: 'prod', DIGEST: 'abc' }).status).toBe(0);
    expect(calls()).toEqual([`npx cdk diff ${fixed} prod/*`]);
    const summary = readFileSync(join(directory, 'summary.md'), 'utf8');
    expect(summary).toBe(
      '### What would change in prod/*\nAssembly `abc`\n~~~~~~\nResources: none\n~~~~~~\n',
    );
  });

  it('shows what is going to be deployed, and no more', () => {
    run('diff.sh', { ENVIRONMENT: 'prod', STACK: 'processing' });
    expect(calls()).toEqual([`npx cdk diff ${fixed} prod/Processing`]);
  });

  it('says so when the summary cannot hold it', () => {
    program('npx', 'head -c 1000000 /dev/zero | tr "\\0" x');
    run('diff.sh', { ENVIRONMENT: 'prod' });
    const summary = readFileSync(join(directory, 'summary.md'), 'utf8');
    expect(summary.length).toBeLessThan(1_000_000);
    expect(summary).toContain('**Cut here.');
  });

  it('fails when there is none, so that nobody approves without', () => {
    program('npx', 'exit 1');
    expect(run('diff.sh', { ENVIRONMENT: 'prod' }).status).not.toBe(0);
  });
});

describe('deploy.sh', () => {
  const fixed = '--app cdk.out --exclusively --no-notices --require-approval never';
  const watched = `npx cdk deploy prod/Processing ${fixed} --rollback-trigger-alarm-arns`;

  it('deploys both stacks; alarms that are there and off roll the processing back', () => {
    program('aws', 'echo "aws $*" >> calls; printf "arn:one\\tarn:two\\n"');
    expect(run('deploy.sh', { ENVIRONMENT: 'prod', STACK: 'both' }).status).toBe(0);
    expect(calls()).toEqual([
      `npx cdk deploy prod/Stateful ${fixed}`,
      expect.stringMatching(/^aws cloudwatch describe-alarms .*StateValue!='ALARM'.* prod-draws-missing$/),
      `${watched} arn:one arn:two --monitoring-time-minutes 15`,
    ]);
  });

  it('deploys the processing alone, and takes off old triggers where there is no alarm', () => {
    program('aws', 'echo');
    expect(run('deploy.sh', { ENVIRONMENT: 'prod', STACK: 'processing' }).status).toBe(0);
    expect(calls()).toEqual([`${watched} none`]);
  });

  it('does not deploy the processing without alarms because they could not be read', () => {
    program('aws', 'exit 1');
    expect(run('deploy.sh', { ENVIRONMENT: 'prod', STACK: 'both' }).status).not.toBe(0);
    expect(calls()).toEqual([`npx cdk deploy prod/Stateful ${fixed}`]);
  });
});
