import { z } from 'zod';
import type { MappingRequest } from '../emulator.ts';
import { defineEmulator, generatedName } from '../emulator.ts';

/** Where a mapping reads: of a cluster that AWS does not manage there is no ARN. */
export const mappingSource = {
  EventSourceArn: z.string().optional(),
  SelfManagedEventSource: z.unknown().optional(),
};

interface MappingSource {
  EventSourceArn?: string | undefined;
  SelfManagedEventSource?: unknown;
}

export const hasSource = ({ EventSourceArn, SelfManagedEventSource }: MappingSource): boolean =>
  EventSourceArn !== undefined || SelfManagedEventSource !== undefined;

const sourceMissing = { path: ['EventSourceArn'], message: 'it, or SelfManagedEventSource' };

export const lambdaEventSourceMapping = defineEmulator({
  // The mapping itself checks the rest, and refuses what it does not know.
  properties: z.looseObject({ FunctionName: z.string(), ...mappingSource }).refine(hasSource, sourceMissing),
  irrelevant: [
    'AmazonManagedKafkaEventSourceConfig',
    'BatchSize',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'Enabled',
    'FunctionResponseTypes',
    'MaximumBatchingWindowInSeconds',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'MetricsConfig',
    'ParallelizationFactor',
    'ProvisionedPollerConfig',
    'ScalingConfig',
    'SelfManagedKafkaEventSourceConfig',
    'SourceAccessConfigurations',
    'StartingPosition',
    'StartingPositionTimestamp',
    'Tags',
    'Topics',
    'TumblingWindowInSeconds',
  ],
  async create(properties, request, account) {
    // Extra metrics of the mapping itself: there is no CloudWatch here.
    const { MetricsConfig: _, ...played } = request.properties;
    await account.createMapping({
      logicalId: request.logicalId,
      functionName: functionNameOf(properties.FunctionName),
      source: sourceOf(properties),
      properties: played,
    });
    const id = generatedName(request);
    return { ref: id, attributes: { Id: id } };
  },
});

const SOURCES = { kinesis: 'kinesis', sqs: 'sqs', kafka: 'kafka' } as const;

/** @throws Error for a service whose mappings are not emulated */
function sourceOf({ EventSourceArn }: MappingSource): MappingRequest['source'] {
  if (EventSourceArn === undefined) return 'kafka';
  const service = EventSourceArn.split(':')[2] ?? '';
  if (service in SOURCES) return SOURCES[service as keyof typeof SOURCES];
  throw new Error(`an event source mapping has an unknown source: ${EventSourceArn}`);
}

/** The property takes a name or an ARN. */
export function functionNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : nameOrArn;
}
