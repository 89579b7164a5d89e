import { z } from 'zod';
import { defineEmulator, generatedName } from '../emulator.ts';

export const lambdaEventSourceMapping = defineEmulator({
  // The mapping itself checks the rest, and refuses what it does not know.
  properties: z.looseObject({ FunctionName: z.string(), EventSourceArn: z.string() }),
  irrelevant: [
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
    'ScalingConfig',
    'StartingPosition',
    'StartingPositionTimestamp',
    'Tags',
    'TumblingWindowInSeconds',
  ],
  async create(properties, request, account) {
    // Extra metrics of the mapping itself: there is no CloudWatch here.
    const { MetricsConfig: _, ...played } = request.properties;
    account.createMapping({
      logicalId: request.logicalId,
      functionName: functionNameOf(properties.FunctionName),
      eventSourceArn: properties.EventSourceArn,
      properties: played,
    });
    const id = generatedName(request);
    return { ref: id, attributes: { Id: id } };
  },
});

/** The property takes a name or an ARN. */
export function functionNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : nameOrArn;
}
