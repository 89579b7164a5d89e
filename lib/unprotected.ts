import type { Settings } from './settings.ts';

/** What an environment whose data are worth protecting lacks before it may be deployed. */
export interface Missing {
  /** One line: names the setting and says how to give it. */
  readonly message: string;
  /** `processing`: the stateful stack can do without. */
  readonly of: 'both' | 'processing';
}

/**
 * With `deletionProtection` nobody deploys by chance to the account or region that the shell happens to have, and
 * somebody is told when it fails. Said at the deployment of that environment alone: the repository need not hold
 * account numbers, and tests, other environments and runs on one machine can do without them.
 */
export function missing(environment: string, settings: Settings): Missing[] {
  if (!settings.deletionProtection) return [];
  const { account, region, alarmEmail, alarmTopicArn } = settings;
  const give = (setting: string, value: string) =>
    `Say -c ${environment}:${setting}=${value}, or set it in lib/environments.ts`;
  const chance = "must be set with deletionProtection, not 'cli': the shell at hand would choose it.";
  const found: (Missing | false)[] = [
    account === 'cli' && {
      message: `${environment}:account ${chance} ${give('account', '<12 digits>')}`,
      of: 'both',
    },
    region === 'cli' && {
      message: `${environment}:region ${chance} ${give('region', '<region>')}`,
      of: 'both',
    },
    alarmEmail === 'none' &&
      alarmTopicArn === 'none' && {
        message:
          `${environment}:alarmEmail or ${environment}:alarmTopicArn must be set with deletionProtection: ` +
          `alarms would reach nobody. ${give('alarmEmail', '<address>')}`,
        of: 'processing',
      },
  ];
  return found.filter((one) => one !== false);
}
