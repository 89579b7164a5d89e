import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { tableDefinition } from '../../engines/table-definition.ts';
import { defineEmulator, generatedName } from '../emulator.ts';
import { until } from '../until.ts';

export const dynamodbTable = defineEmulator({
  properties: tableDefinition.extend({
    TableName: z.string().optional(),
    PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
  }),
  irrelevant: [
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'SSESpecification',
    'TableClass',
    'Tags',
    // Items may outlive it on AWS too, by days: who reads them has to bear that.
    'TimeToLiveSpecification',
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
