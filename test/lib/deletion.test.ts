import { rmSync } from 'node:fs';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import type { EnvironmentStage } from '../../lib/environment-stage.ts';
import { environments } from '../../lib/environments.ts';
import { buildStage, type Resource, synthesize } from './synthesize.ts';

/** Types whose resources hold what cannot be made again. */
const dataTypes = new Set([
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
]);

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function buildFor(environment: string): EnvironmentStage {
  const { stage, directory } = buildStage(environment);
  directories.push(directory);
  return stage;
}

const all = Object.entries(environments);

describe.each(all)('deletion in %s', (environment, settings) => {
  // Of the page's stack nothing is kept: live.test.ts.
  const { stateful, processing } = synthesize(environment);
  const templates = [stateful, processing].map((template) => template.toJSON());
  const resources = templates.flatMap((template): [string, Resource][] => Object.entries(template.Resources));
  const retain = settings.removalPolicy === 'retain';

  it(`${retain ? 'keeps' : 'takes'} what holds data`, () => {
    const data = resources.filter(([, { Type }]) => dataTypes.has(Type));
    expect(data.length).toBeGreaterThanOrEqual(17);
    for (const [id, resource] of data) {
      // Kept, but for what a failed first deployment made: its names must be free for the next.
      const policies = retain ? ['RetainExceptOnCreate', 'Retain'] : ['Delete', 'Delete'];
      expect([id, resource.DeletionPolicy, resource.UpdateReplacePolicy]).toEqual([id, ...policies]);
    }
  });

  it('keeps nothing else', () => {
    const kept = resources.filter(
      ([, { Type, DeletionPolicy }]) => !dataTypes.has(Type) && DeletionPolicy?.startsWith('Retain'),
    );
    expect(kept.map(([id]) => id)).toEqual([]);
  });

  it(`is ${settings.deletionProtection ? 'refused' : 'possible'}`, () => {
    const { stateful, processing } = buildFor(environment);
    expect([stateful, processing].map((stack) => stack.terminationProtection)).toEqual([
      settings.deletionProtection,
      settings.deletionProtection,
    ]);
  });

  it('of a table is as that of its stack, and what was in it can be restored if the settings say so', () => {
    const tables = resources.filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table');
    for (const [, { Properties }] of tables) {
      expect(Properties.DeletionProtectionEnabled).toBe(settings.deletionProtection);
      expect(Properties.PointInTimeRecoverySpecification).toEqual({
        PointInTimeRecoveryEnabled: settings.pointInTimeRecovery,
      });
    }
  });
});

describe('production', () => {
  it('keeps its data, can be restored, and refuses to be deleted', () => {
    expect(environments.prod).toMatchObject({
      removalPolicy: 'retain',
      deletionProtection: true,
      pointInTimeRecovery: true,
      encryption: 'own-key',
    });
  });
});

describe('the stateful stack', () => {
  it('does not change when only the code of the functions changes', () => {
    const before = buildFor('prod');
    const after = buildFor('prod');
    const functions = after.processing.node.findAll().filter((one) => one instanceof CfnFunction);
    expect(functions).toHaveLength(5);
    for (const one of functions) one.code = { s3Bucket: 'assets', s3Key: 'other-code.zip' };
    const templates = [before, after].map((one) => {
      const assembly = one.synth();
      return [one.stateful, one.processing].map(
        (stack) => assembly.getStackArtifact(stack.artifactId).template,
      );
    });
    const [[statefulBefore, processingBefore] = [], [statefulAfter, processingAfter] = []] = templates;
    expect(processingAfter).not.toEqual(processingBefore);
    expect(statefulAfter).toEqual(statefulBefore);
  });

  it('does not change with the settings of the processing', () => {
    const other = synthesize('prod', {
      'prod:memoryMb': '3008',
      'prod:timeoutSeconds': '90',
      'prod:userEventsBatchSize': '500',
      'prod:logLevel': 'DEBUG',
      'prod:windowSeconds': '20',
    });
    const { stateful, processing } = synthesize('prod');
    expect(other.processing.toJSON()).not.toEqual(processing.toJSON());
    expect(other.stateful.toJSON()).toEqual(stateful.toJSON());
  });

  it('holds no code but that of the function which tells a deployment the public key', () => {
    for (const [environment] of all) {
      const { Resources } = synthesize(environment).stateful.toJSON();
      const code = Object.values<Resource>(Resources).filter(({ Type }) => Type.startsWith('AWS::Lambda::'));
      expect(code.map(({ Type, Properties }) => [Type, Properties.FunctionName])).toEqual([
        ['AWS::Lambda::Function', `${environment}-receipts-public-key`],
      ]);
    }
  });
});
