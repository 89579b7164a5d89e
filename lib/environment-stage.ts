import { Annotations, type Environment, Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import type { Settings } from './settings.ts';
import { LiveStack } from './stacks/live.ts';
import { ProcessingStack } from './stacks/processing.ts';
import { StatefulStack } from './stacks/stateful.ts';
import { missing } from './unprotected.ts';
import { unreachable } from './unreachable.ts';

/** One environment: what must outlive deployments, what works on it, and the page for whoever watches, where it has one. */
export class EnvironmentStage extends Stage {
  readonly stateful: StatefulStack;
  readonly processing: ProcessingStack;
  readonly live: LiveStack | undefined;

  constructor(scope: Construct, environment: string, settings: Settings) {
    super(scope, environment, { env: target(settings) });
    const shared = { environment, settings, terminationProtection: settings.deletionProtection };
    this.stateful = new StatefulStack(this, 'Stateful', {
      ...shared,
      stackName: `${environment}-lottery-stateful`,
    });
    this.processing = new ProcessingStack(this, 'Processing', {
      ...shared,
      stackName: `${environment}-lottery-processing`,
      stateful: this.stateful,
    });
    this.live =
      settings.livePage === 'off'
        ? undefined
        : new LiveStack(this, 'Live', {
            ...shared,
            stackName: `${environment}-lottery-live`,
            stateful: this.stateful,
          });
    // What belongs together in a bill, or in a search of the account.
    Tags.of(this).add('application', 'lottery-streams');
    Tags.of(this).add('environment', environment);
    acknowledge(settings, this.stateful, this.processing, this.live);
    this.refuseUnprotected(environment, settings);
    this.refuseUnreachable(environment, settings);
  }

  /** Errors of the stacks, not of the app: `cdk` refuses these stacks, whoever selects others is not concerned. */
  private refuseUnprotected(environment: string, settings: Settings): void {
    for (const { message, of } of missing(environment, settings)) {
      if (of === 'both') Annotations.of(this.stateful).addError(message);
      Annotations.of(this.processing).addError(message);
    }
  }

  /** The stateful stack has no mapping. */
  private refuseUnreachable(environment: string, settings: Settings): void {
    const message = unreachable(environment, settings);
    if (message === undefined) return;
    Annotations.of(this.processing).addError(message);
    if (this.live) Annotations.of(this.live).addError(message);
  }
}

/** What is left open here is the command line's: its credentials' account, its region. */
function target({ account, region }: Settings): Environment {
  return {
    ...(account !== 'cli' && { account }),
    ...(region !== 'cli' && { region }),
  };
}
