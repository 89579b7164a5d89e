import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

const dynamodb = new DynamoDBClient();

/** Answers CloudFormation, once it has written down how high the station is. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const metres = String(ResourceProperties.Metres);
  const Item = { id: { S: `survey: ${metres}` }, amount: { N: metres } };
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
  const Data = { Height: `${metres} m` };
  const answer = {
    Status: 'SUCCESS',
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId: 'hill',
    Data,
  };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
}
