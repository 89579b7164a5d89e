import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ResourceInUseException,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { z } from 'zod';
import { defineEmulator, generatedName } from '../emulator.ts';
import { until } from '../until.ts';

/** https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html: a new on-demand stream has 4 shards. */
const ON_DEMAND_SHARDS = 4;
/** The engine's limits, in hours. AWS keeps records for up to 8,760. */
const DEFAULT_RETENTION_HOURS = 24;
const MAX_RETENTION_HOURS = 168;

export const kinesisStream = defineEmulator({
  properties: z.object({
    Name: z.string().optional(),
    ShardCount: z.int().min(1).optional(),
    RetentionPeriodHours: z.int().default(DEFAULT_RETENTION_HOURS),
    StreamModeDetails: z.object({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
  }),
  irrelevant: ['StreamEncryption', 'Tags'],
  async create(properties, request, { clients: { kinesis } }) {
    const name = properties.Name ?? generatedName(request);
    const onDemand = properties.StreamModeDetails?.StreamMode === 'ON_DEMAND';
    const shards = onDemand ? ON_DEMAND_SHARDS : (properties.ShardCount ?? 1);
    await createStream(kinesis, name, shards);
    const { StreamARN: arn, RetentionPeriodHours: current } = await active(kinesis, name);
    const hours = Math.min(properties.RetentionPeriodHours, MAX_RETENTION_HOURS);
    if (hours > (current ?? DEFAULT_RETENTION_HOURS)) {
      await kinesis.send(
        new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: hours }),
      );
    }
    return { ref: name, attributes: { Arn: arn ?? '' } };
  },
});

async function createStream(kinesis: KinesisClient, name: string, shards: number): Promise<void> {
  try {
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

function active(kinesis: KinesisClient, name: string): Promise<StreamDescriptionSummary> {
  return until(`stream ${name} is active`, async () => {
    const { StreamDescriptionSummary: summary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: name }),
    );
    return summary?.StreamStatus === 'ACTIVE' ? summary : undefined;
  });
}
