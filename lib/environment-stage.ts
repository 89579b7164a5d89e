import { Annotations, type Environment, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import type { Settings } from './settings.ts';
import { ProcessingStack } from './stacks/processing.ts';
import { StatefulStack } from './stacks/stateful.ts';

/** One environment: what must outlive deployments, and what works on it. */
export class EnvironmentStage extends Stage {
  readonly stateful: StatefulStack;
  readonly processing: ProcessingStack;

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
    acknowledge(settings, this.stateful, this.processing);
    if (alarmsReachNobody(settings)) {
      Annotations.of(this.processing).addWarningV2(
        'lottery-streams:alarms-reach-nobody',
        `Alarms of ${environment} reach nobody: set alarmEmail or alarmTopicArn in lib/environments.ts`,
      );
    }
  }
}

/** In an environment whose data are worth protecting somebody is to be told; it can be repaired later, so no error. */
function alarmsReachNobody({ deletionProtection, alarmEmail, alarmTopicArn }: Settings): boolean {
  return deletionProtection && alarmEmail === 'none' && alarmTopicArn === 'none';
}

/** What is left open here is the command line's: its credentials' account, its region. */
function target({ account, region }: Settings): Environment {
  return {
    ...(account !== 'cli' && { account }),
    ...(region !== 'cli' && { region }),
  };
}
