import { z } from 'zod';

/**
 * The properties of `AWS::Lambda::EventSourceMapping` that are emulated, with CloudFormation's names, limits and
 * defaults (AWS CloudFormation template reference; Lambda API, CreateEventSourceMapping). A property that is not
 * here (a filter, say) stops with its name: ignoring it would deliver what AWS would not.
 */
const shared = {
  EventSourceArn: z.string().startsWith('arn:'),
  FunctionName: z.unknown().optional(),
  Enabled: z.boolean().default(true),
  Tags: z.unknown().optional(),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).max(1).default([]),
};

const destination = z
  .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:') }).optional() })
  .optional();

const kinesisSchema = z
  .strictObject({
    ...shared,
    BatchSize: z.int().min(1).max(10_000).default(100),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
    /** Unix time in seconds. */
    StartingPositionTimestamp: z.number().optional(),
    ParallelizationFactor: z.int().min(1).max(10).default(1),
    BisectBatchOnFunctionError: z.boolean().default(false),
    /** -1: until the records expire. */
    MaximumRetryAttempts: z.int().min(-1).max(10_000).default(-1),
    /** -1: no limit; else 60 s to a week. */
    MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.int().min(60).max(604_800)]).default(-1),
    /** 0: no window. */
    TumblingWindowInSeconds: z.int().min(0).max(900).default(0),
    DestinationConfig: destination,
  })
  .refine((p) => p.TumblingWindowInSeconds === 0 || p.ParallelizationFactor === 1, {
    path: ['ParallelizationFactor'],
    message: 'must be 1 with a tumbling window',
  })
  .refine((p) => (p.StartingPosition === 'AT_TIMESTAMP') === (p.StartingPositionTimestamp !== undefined), {
    path: ['StartingPositionTimestamp'],
    message: 'goes with StartingPosition AT_TIMESTAMP, and only with it',
  });

const sqsSchema = z
  .strictObject({
    ...shared,
    BatchSize: z.int().min(1).max(10_000).default(10),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1_000).optional() }).optional(),
  })
  .refine((p) => p.BatchSize <= 10 || p.MaximumBatchingWindowInSeconds >= 1, {
    path: ['MaximumBatchingWindowInSeconds'],
    message: 'must be at least 1 when BatchSize is above 10',
  })
  .refine(
    (p) =>
      !p.EventSourceArn.endsWith('.fifo') || (p.BatchSize <= 10 && p.MaximumBatchingWindowInSeconds === 0),
    {
      path: ['BatchSize'],
      message: 'of a FIFO queue is at most 10, without a batching window',
    },
  );

const group = z
  .looseObject({ ConsumerGroupId: z.string().optional(), ConsumptionMode: z.literal('Stream').optional() })
  .optional();

/** Where a poller of a self-managed cluster is. Nothing of it is played. */
const network = ['VPC_SUBNET', 'VPC_SECURITY_GROUP'] as const;

const kafkaSchema = z
  .strictObject({
    ...shared,
    /** Of an MSK cluster. */
    EventSourceArn: z.string().startsWith('arn:').optional(),
    SelfManagedEventSource: z
      .strictObject({
        Endpoints: z.strictObject({ KafkaBootstrapServers: z.array(z.string().min(1)).min(1) }),
      })
      .optional(),
    Topics: z.array(z.string().min(1).max(249)).length(1),
    SourceAccessConfigurations: z
      .array(
        z.strictObject({
          Type: z.enum(network, { error: 'no broker on this machine asks for credentials: kafkaAuth none' }),
          URI: z.string(),
        }),
      )
      .optional(),
    AmazonManagedKafkaEventSourceConfig: group,
    SelfManagedKafkaEventSourceConfig: group,
    BatchSize: z.int().min(1).max(10_000).default(100),
    /** Absent: half a second, which is no number of seconds. */
    MaximumBatchingWindowInSeconds: z.int().min(0).max(300).optional(),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
    StartingPositionTimestamp: z.number().optional(),
    ProvisionedPollerConfig: z
      .strictObject({
        MinimumPollers: z.int().min(1).max(200).default(1),
        MaximumPollers: z.int().min(1).max(2_000).default(200),
        PollerGroupName: z.string().optional(),
      })
      .optional(),
    BisectBatchOnFunctionError: z.boolean().default(false),
    MaximumRetryAttempts: z.int().min(-1).max(10_000).default(-1),
    MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.int().min(60).max(604_800)]).default(-1),
    DestinationConfig: destination,
  })
  .refine((p) => (p.EventSourceArn === undefined) !== (p.SelfManagedEventSource === undefined), {
    path: ['SelfManagedEventSource'],
    message: 'it, or the EventSourceArn of an MSK cluster, and not both',
  })
  .refine((p) => (p.StartingPosition === 'AT_TIMESTAMP') === (p.StartingPositionTimestamp !== undefined), {
    path: ['StartingPositionTimestamp'],
    message: 'goes with StartingPosition AT_TIMESTAMP, and only with it',
  })
  // The developer guide has these controls under provisioned mode alone.
  .refine((p) => p.ProvisionedPollerConfig !== undefined || !p.BisectBatchOnFunctionError, {
    path: ['BisectBatchOnFunctionError'],
    message: 'goes with ProvisionedPollerConfig',
  })
  .refine((p) => p.ProvisionedPollerConfig !== undefined || p.FunctionResponseTypes.length === 0, {
    path: ['FunctionResponseTypes'],
    message: 'goes with ProvisionedPollerConfig',
  })
  .refine((p) => p.ProvisionedPollerConfig !== undefined || p.MaximumRetryAttempts === -1, {
    path: ['MaximumRetryAttempts'],
    message: 'goes with ProvisionedPollerConfig',
  })
  .refine((p) => p.ProvisionedPollerConfig !== undefined || p.MaximumRecordAgeInSeconds === -1, {
    path: ['MaximumRecordAgeInSeconds'],
    message: 'goes with ProvisionedPollerConfig',
  });

/** As written in a template: defaults left out. */
export type KinesisMappingInput = z.input<typeof kinesisSchema>;
export type SqsMappingInput = z.input<typeof sqsSchema>;
export type KafkaMappingInput = z.input<typeof kafkaSchema>;
/** With every default filled in. */
export type KinesisMappingProperties = z.output<typeof kinesisSchema>;
export type SqsMappingProperties = z.output<typeof sqsSchema>;
export type KafkaMappingProperties = z.output<typeof kafkaSchema>;

/** @throws Error in one line that names the function, the property and its limit. */
export function parseKinesisProperties(functionName: string, properties: unknown): KinesisMappingProperties {
  return parse(kinesisSchema, functionName, properties);
}

/** @throws Error in one line that names the function, the property and its limit. */
export function parseSqsProperties(functionName: string, properties: unknown): SqsMappingProperties {
  return parse(sqsSchema, functionName, properties);
}

/** @throws Error in one line that names the function, the property and its limit. */
export function parseKafkaProperties(functionName: string, properties: unknown): KafkaMappingProperties {
  return parse(kafkaSchema, functionName, properties);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  functionName: string,
  properties: unknown,
): z.output<Schema> {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new Error(`AWS::Lambda::EventSourceMapping of function ${functionName}: ${problems.join('; ')}`);
}
