import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib';
import { Grant, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import type { DrawsBucket } from './draws-bucket.ts';
import type { Streams } from './streams.ts';
import type { Tables } from './tables.ts';
import type { TicksQueue } from './ticks-queue.ts';

export interface AccessPoliciesProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly streams: Streams;
  readonly tables: Tables;
  readonly artifacts: ArtifactsBucket;
  readonly drawsBucket: DrawsBucket;
  readonly ticks: TicksQueue;
  readonly functions: readonly IFunction[];
  readonly mappings: readonly EventSourceMapping[];
}

/**
 * What people need for the commands, as policies to attach to a role of theirs: who looks has the viewer's, who runs games
 * the operator's with it (docs/operating.md has the commands of each). Nobody may read the seeds, which foretell draws;
 * redrive and restore write what only functions write, and are for administrators.
 */
export class AccessPolicies extends Construct {
  readonly viewer: ManagedPolicy;
  readonly operator: ManagedPolicy;
  /** ARN of all stacks of the environment. */
  readonly stacks: string;

  constructor(scope: Construct, id: string, props: AccessPoliciesProps) {
    super(scope, id);
    const { environment } = props;
    this.stacks = Stack.of(this).formatArn({
      ...{ service: 'cloudformation', resource: 'stack', resourceName: `${environment}-lottery-*/*` },
    });
    this.viewer = new ManagedPolicy(this, 'Viewer', {
      description: `Look at the ${environment} lottery, and export from it`,
    });
    this.operator = new ManagedPolicy(this, 'Operator', {
      description: `Run the ${environment} lottery, beside the viewer's policy`,
    });
    this.allowViewer(props);
    this.allowOperator(props);
    new CfnOutput(scope, 'ViewerPolicyArn', { value: this.viewer.managedPolicyArn });
    new CfnOutput(scope, 'OperatorPolicyArn', { value: this.operator.managedPolicyArn });
  }

  private allowViewer({ streams, tables, drawsBucket, artifacts, ticks, functions }: AccessPoliciesProps) {
    const { viewer } = this;
    tables.grantView(viewer);
    streams.grantFollow(viewer);
    drawsBucket.grantLook(viewer);
    artifacts.grantListFailedBatches(viewer);
    allow(
      viewer,
      ['lambda:GetFunctionConcurrency'],
      functions.map(({ functionArn }) => functionArn),
    );
    allow(viewer, ['sqs:GetQueueAttributes'], [ticks.queue.queueArn]);
    allow(viewer, ['cloudformation:DescribeStacks'], [this.stacks]);
    // AWS takes no resource for these (Service Authorization Reference).
    allow(viewer, ['cloudwatch:DescribeAlarms', 'lambda:ListEventSourceMappings'], ['*']);
  }

  private allowOperator({ streams, tables, artifacts, functions, mappings }: AccessPoliciesProps) {
    const { operator } = this;
    streams.outer.grantPutInputs(operator);
    tables.grantGiveCoupons(operator);
    artifacts.grantSettleFailedBatches(operator);
    // The draw is paused by letting it run no more.
    allow(
      operator,
      ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
      functions.map(({ functionArn }) => functionArn),
    );
    allow(
      operator,
      ['lambda:UpdateEventSourceMapping'],
      mappings.map((mapping) => arnOf(mapping, this)),
    );
  }
}

function allow(grantee: ManagedPolicy, actions: string[], resourceArns: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns });
}

function arnOf({ eventSourceMappingId }: EventSourceMapping, scope: Construct): string {
  return Stack.of(scope).formatArn({
    ...{ service: 'lambda', resource: 'event-source-mapping', resourceName: eventSourceMappingId },
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
