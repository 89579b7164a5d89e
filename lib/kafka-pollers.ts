import type { Settings } from './settings.ts';

/** Mappings that read topics: of both inputs and, for the archive, both outputs; and both outputs for the page. */
export function topicMappings({ livePage }: Pick<Settings, 'livePage'>): number {
  return livePage === 'on' ? 6 : 4;
}

/** Lambda API, PollerGroupName: the pollers of a group, if all its mappings have as many as they may. */
export const mostPollersOfGroup = 2_000;

/**
 * The group whose mappings share the units that pollers are paid by; each would have one of its own otherwise. Lambda has groups
 * of mappings within a VPC: MSK always is in one, other brokers where settings say so.
 */
export function pollerGroup(
  environment: string,
  settings: Pick<Settings, 'kafkaClusterArn' | 'kafkaSubnetIds'>,
): string | undefined {
  const isInVpc = settings.kafkaClusterArn !== 'none' || settings.kafkaSubnetIds !== 'none';
  return isInVpc ? `${environment}-lottery` : undefined;
}
