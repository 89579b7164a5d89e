import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { regionOfCli } from '../redrive/resources.ts';

export interface RestoreClients {
  dynamodb: DynamoDBClient;
  lambda: LambdaClient;
}

/** As for redrive: region, credentials and endpoints are the SDK's own. @throws Error where no region is set */
export function restoreClients(): RestoreClients {
  const shared = regionOfCli();
  return { dynamodb: new DynamoDBClient(shared), lambda: new LambdaClient(shared) };
}
