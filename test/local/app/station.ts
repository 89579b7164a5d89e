import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisStreamTumblingWindowEvent, SQSEvent } from 'aws-lambda';

const dynamodb = new DynamoDBClient();

export async function handler(event: KinesisStreamTumblingWindowEvent | SQSEvent) {
  if ('window' in event) return measure(event);
  for (const { body } of event.Records) await write(`note: ${body}`, 1);
  return undefined;
}

/** Adds up what fell within a window, and writes it down at the window's end. */
async function measure({ Records, state, window, isFinalInvokeForWindow }: KinesisStreamTumblingWindowEvent) {
  const fell = Records.map(({ kinesis }) => Number(Buffer.from(kinesis.data, 'base64').toString()));
  const millimetres = fell.reduce((sum, next) => sum + next, Number(state?.millimetres ?? 0));
  if (isFinalInvokeForWindow) await write(`rain from ${window.start}`, millimetres);
  return { state: { millimetres } };
}

async function write(id: string, amount: number): Promise<void> {
  const Item = { id: { S: id }, amount: { N: String(amount) } };
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
}
