import { BillingMode, KeyType, ProjectionType, ScalarAttributeType } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(KeyType) }));
const throughput = z.object({ ReadCapacityUnits: z.int(), WriteCapacityUnits: z.int() });

/** What a table is created with, as CloudFormation and CreateTable have it; of its description the rest is left out. */
export const tableDefinition = z.object({
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
        Projection: z.object({
          ProjectionType: z.enum(ProjectionType),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
        ProvisionedThroughput: throughput.optional(),
      }),
    )
    .optional(),
});

export type TableDefinition = z.infer<typeof tableDefinition>;
