import type { Settings } from './settings.ts';

/**
 * Why no mapping could read an environment's topics, in a line that says what to set; undefined where one can. AWS takes a
 * mapping of a cluster that it does not manage only with a way into a VPC or with somebody to be (Lambda API,
 * SourceAccessConfigurations). Said at the deployment alone: brokers on one's own machine ask for neither.
 */
export function unreachable(environment: string, settings: Settings): string | undefined {
  const { connector, kafkaAuth, kafkaClusterArn, kafkaSubnetIds } = settings;
  if (connector === 'kinesis' || kafkaClusterArn !== 'none') return undefined;
  if (kafkaAuth !== 'none' || kafkaSubnetIds !== 'none') return undefined;
  const give = (setting: string, value: string) => `-c ${environment}:${setting}=${value}`;
  return (
    `${environment}:kafkaAuth or ${environment}:kafkaSubnetIds must be set to deploy with connector (kafka): AWS reads no brokers ` +
    'in the open that know nobody. ' +
    `Say ${give('kafkaAuth', 'scram')} ${give('kafkaSecretArn', '<ARN>')}, or ` +
    `${give('kafkaSubnetIds', '<subnets>')} ${give('kafkaSecurityGroupIds', '<groups>')}`
  );
}
