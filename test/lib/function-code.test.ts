import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { afterAll, describe, expect, test } from 'vitest';
import { functionVariables, kafkaVariables } from '../../lambda/contract/variables.ts';
import { functionCode, functionRuntime } from '../../lib/constructs/function-code.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundles-'));

afterAll(() => rmSync(directory, { recursive: true }));

const app = new App({ outdir: directory });
const stack = new Stack(app, 'Stack');
const names = ['lottery-events', 'user-events', 'draw', 'ticks', 'archive', 'live'] as const;

/** Where the bundle of a function is. */
function bundleOf(name: (typeof names)[number], connector: 'kinesis' | 'kafka'): string {
  const code = functionCode(name, connector);
  const made = new LambdaFunction(stack, `Function${stack.node.children.length}`, {
    ...{ code, handler: 'index.handler', runtime: functionRuntime },
  });
  const asset = made.node.findChild('Code');
  if (!(asset instanceof Asset)) throw new Error('The code is no asset');
  return join(directory, asset.assetPath, 'index.mjs');
}

const has = (file: string) => {
  const text = readFileSync(file, 'utf8');
  return { kafka: text.includes('platformatic'), kinesis: text.includes('Kinesis_20131202') };
};

describe('a bundle', () => {
  test.each(names)('of %s carries what its own outer streams need', { timeout: 60_000 }, (name) => {
    const writes = name !== 'archive' && name !== 'live';
    // The stream of entries is Kinesis's in any case.
    const entries = name === 'user-events' || name === 'ticks';
    expect(has(bundleOf(name, 'kinesis'))).toEqual({ kafka: false, kinesis: writes });
    const bundle = bundleOf(name, 'kafka');
    expect(has(bundle)).toEqual({ kafka: writes, kinesis: entries });
  });

  test('for Kafka loads on its own, with nothing beside it', () => {
    const variables = [...functionVariables['user-events'], ...kafkaVariables['user-events']];
    const env = {
      ...Object.fromEntries(variables.map((name) => [name, '1'])),
      ...{ KAFKA_AUTH: 'none', KAFKA_REPORTS_FAILURES: 'on', CLOCK_TOLERANCE_SECONDS: '60' },
      ...{ AWS_REGION: 'eu-west-1', PATH: process.env.PATH },
    };
    const load = `import(${JSON.stringify(bundleOf('user-events', 'kafka'))}).then((it) => process.stdout.write(typeof it.handler))`;
    expect(execFileSync(process.execPath, ['-e', load], { env, encoding: 'utf8' })).toBe('function');
  });
});
