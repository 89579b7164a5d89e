import {
  BillingMode,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  KeyType,
  ProjectionType,
  ResourceInUseException,
  ScalarAttributeType,
  type TableDescription,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { defineEmulator, generatedName } from '../emulator.ts';
import { until } from '../until.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(KeyType) }));
const throughput = z.object({ ReadCapacityUnits: z.int(), WriteCapacityUnits: z.int() });

export const dynamodbTable = defineEmulator({
  properties: z.object({
    TableName: z.string().optional(),
    KeySchema: keySchema,
    AttributeDefinitions: z.array(
      z.object({ AttributeName: z.string(), AttributeType: z.enum(ScalarAttributeType) }),
    ),
    BillingMode: z.enum(BillingMode).optional(),
    ProvisionedThroughput: throughput.optional(),
    GlobalSecondaryIndexes: z
      .array(
        z.object({
          IndexName: z.string(),
          KeySchema: keySchema,
          Projection: z.object({ ProjectionType: z.enum(ProjectionType) }),
          ProvisionedThroughput: throughput.optional(),
        }),
      )
      .optional(),
    PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
  }),
  irrelevant: [
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'SSESpecification',
    'TableClass',
    'Tags',
  ],
  async create(
    { TableName, PointInTimeRecoverySpecification: recovery, ...table },
    request,
    { clients: { dynamodb } },
  ) {
    const name = TableName ?? generatedName(request);
    try {
      await dynamodb.send(new CreateTableCommand({ TableName: name, ...table }));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    const { TableArn: arn } = await active(dynamodb, name);
    if (recovery !== undefined) {
      await dynamodb.send(
        new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification: recovery }),
      );
    }
    return { ref: name, attributes: { Arn: arn ?? '' } };
  },
});

function active(dynamodb: DynamoDBClient, name: string): Promise<TableDescription> {
  return until(`table ${name} is active`, async () => {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return table?.TableStatus === 'ACTIVE' ? table : undefined;
  });
}
