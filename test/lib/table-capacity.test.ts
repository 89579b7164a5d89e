import { describe, expect, it } from 'vitest';
import { alarms } from './alarms.ts';
import { resource, resources, synthesize } from './synthesize.ts';

const targetType = 'AWS::ApplicationAutoScaling::ScalableTarget';
const policyType = 'AWS::ApplicationAutoScaling::ScalingPolicy';

const provisioned = { 'prod:tableCapacity': '100-2000' };
const onDemand = synthesize('prod');
const scaled = synthesize('prod', provisioned);

function usersId(): string {
  const tables = Object.entries(resources(scaled.stateful, 'AWS::DynamoDB::Table'));
  return tables.find(([, { Properties }]) => Properties.TableName === 'prod-users')?.[0] ?? '';
}

describe('tables on demand', () => {
  it('are paid by the request, and nothing scales them', () => {
    const modes = Object.values(resources(onDemand.stateful, 'AWS::DynamoDB::Table')).map(
      ({ Properties }) => Properties.BillingMode,
    );
    expect(modes).toHaveLength(7);
    expect(new Set(modes)).toEqual(new Set(['PAY_PER_REQUEST']));
    onDemand.stateful.resourceCountIs(targetType, 0);
  });
});

describe('a provisioned table of users', () => {
  it('begins at the most, so that the deployment throttles nobody', () => {
    const { Properties } = resource(scaled.stateful, 'AWS::DynamoDB::Table', 'TableName', 'prod-users');
    expect(Properties.BillingMode ?? 'PROVISIONED').toBe('PROVISIONED');
    expect(Properties.ProvisionedThroughput).toEqual({ ReadCapacityUnits: 2_000, WriteCapacityUnits: 2_000 });
  });

  it('is scaled between both ends, reads and writes each, to the use that leaves room', () => {
    const targets = Object.entries(resources(scaled.stateful, targetType));
    const policies = Object.values(resources(scaled.stateful, policyType));
    const scaling = targets.map(([id, { Properties }]) => {
      const { ScalableDimension, ResourceId, MinCapacity, MaxCapacity } = Properties;
      const [policy] = policies.filter((one) => JSON.stringify(one.Properties.ScalingTargetId).includes(id));
      return [ScalableDimension, ResourceId, MinCapacity, MaxCapacity, policy?.Properties];
    });
    const scale = (kind: string) => [
      `dynamodb:table:${kind}CapacityUnits`,
      { 'Fn::Join': ['', ['table/', { Ref: usersId() }]] },
      100,
      2_000,
      expect.objectContaining({
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: `DynamoDB${kind}CapacityUtilization` },
          TargetValue: 70,
        },
      }),
    ];
    expect(scaling).toEqual([scale('Read'), scale('Write')]);
  });

  it('leaves the other tables on demand', () => {
    const others = Object.values(resources(scaled.stateful, 'AWS::DynamoDB::Table')).filter(
      ({ Properties }) => Properties.TableName !== 'prod-users',
    );
    expect(others).toHaveLength(6);
    for (const { Properties } of others) expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
  });

  it('changes neither roles nor alarms: throttles are emitted by table in both modes', () => {
    expect(scaled.processing.toJSON()).toEqual(onDemand.processing.toJSON());
    const alarm = alarms(scaled.processing).get('prod-table-throttles-users');
    expect(JSON.stringify(alarm)).toContain('WriteThrottleEvents');
  });
});
