import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { described, referenceOf, resourcesOf } from './references.ts';
import { type Resource, synthesize, synthesizeLive } from './synthesize.ts';

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: string };
}

/** What tools look for: commands, the local runtime, people. The buckets' names are CloudFormation's. */
const outputs = {
  LotteryEventsInputStreamName: 'lottery-events-input',
  LotteryEventsOutputStreamName: 'lottery-events-output',
  UserEventsInputStreamName: 'user-events-input',
  UserEventsOutputStreamName: 'user-events-output',
  EntriesStreamName: 'entries',
  UsersTableName: 'users',
  LotteriesTableName: 'lotteries',
  SeedsTableName: 'seeds',
  DrawsTableName: 'draws',
  RefundsTableName: 'refunds',
  GrantsTableName: 'grants',
  WatermarksTableName: 'watermarks',
  TicksQueueUrl: 'ticks',
};

describe.each(Object.entries(environments))('outputs of %s', (environment, { livePage }) => {
  const templates = synthesize(environment);
  const all = [templates.stateful, templates.processing].flatMap((template): [string, Output][] =>
    Object.entries(template.toJSON().Outputs),
  );

  it('tell the names of what outlives deployments, and where ticks go', () => {
    const told = all.flatMap(([name, { Value, Export }]) =>
      Export === undefined ? [[name, described(Value, templates)]] : [],
    );
    const bucketOf = (construct: string) => {
      const isIts = ([id, { Type }]: [string, Resource]) =>
        Type === 'AWS::S3::Bucket' && id.startsWith(`${construct}Bucket`);
      return Object.entries(resourcesOf(templates))
        .filter(isIts)
        .map(([id]) => `Ref of ${id}`);
    };
    const named = Object.entries(outputs).map(([name, of]) => [name, `Ref of ${environment}-${of}`]);
    expect(Object.fromEntries(told)).toEqual({
      ...Object.fromEntries(named),
      ArtifactsBucketName: bucketOf('Artifacts').join(),
      DrawsBucketName: bucketOf('Draws').join(),
      ReceiptsPublicKey: expect.stringMatching(/^PublicKey of ReceiptsPublic[0-9A-F]{8}$/),
      Connector: 'kinesis',
      AppVersion: packageFile.version,
      ViewerPolicyArn: expect.stringMatching(/^Ref of AccessViewer[0-9A-F]{8}$/),
      OperatorPolicyArn: expect.stringMatching(/^Ref of AccessOperator[0-9A-F]{8}$/),
      ReceiptsKeyArn: expect.stringMatching(/^Arn of ReceiptsKey[0-9A-F]{8}$/),
    });
  });

  it('export to the other stacks what they import, and nothing else', () => {
    const importing = [templates.processing, ...(livePage === 'on' ? [synthesizeLive(environment)] : [])];
    const imports = JSON.stringify(importing.map((template) => template.toJSON())).matchAll(
      /"Fn::ImportValue":"([^"]+)"/g,
    );
    const imported = new Set([...imports].map(([, name]) => name));
    const exported = all.flatMap(([, { Export }]) => Export?.Name ?? []);
    expect(exported.sort()).toEqual([...imported].sort());
  });

  it('export each resource under its own name: an import is of what it says', () => {
    for (const [name, { Value, Export }] of all) {
      if (Export === undefined) continue;
      const { id, attribute } = referenceOf(Value, templates);
      const says = attribute === 'Ref' ? `Ref${id}` : `FnGetAtt${id}${attribute}`;
      expect(name).toMatch(new RegExp(`^ExportsOutput${says}[0-9A-F]{8}$`));
      expect(Export.Name).toBe(`${environment}-lottery-stateful:${name}`);
    }
  });
});
