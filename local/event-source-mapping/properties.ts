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
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:') }).optional() })
      .optional(),
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

/** As written in a template: defaults left out. */
export type KinesisMappingInput = z.input<typeof kinesisSchema>;
export type SqsMappingInput = z.input<typeof sqsSchema>;
/** With every default filled in. */
export type KinesisMappingProperties = z.output<typeof kinesisSchema>;
export type SqsMappingProperties = z.output<typeof sqsSchema>;

/** @throws Error in one line that names the function, the property and its limit. */
export function parseKinesisProperties(functionName: string, properties: unknown): KinesisMappingProperties {
  return parse(kinesisSchema, functionName, properties);
}

/** @throws Error in one line that names the function, the property and its limit. */
export function parseSqsProperties(functionName: string, properties: unknown): SqsMappingProperties {
  return parse(sqsSchema, functionName, properties);
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
