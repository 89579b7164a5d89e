/**
 * What else a right takes where its resource is encrypted with a key of the account's own: the service asks KMS in the
 * caller's name. Documented: Kinesis, Permissions to use user-generated KMS keys; SQS, Key management; S3, Using server-side
 * encryption with KMS keys; DynamoDB, Encryption at rest, How DynamoDB uses KMS (a table's key is decrypted for whoever asks,
 * to read or to write). What DynamoDB lists beside, for whoever makes the table, no call of a function is known to take.
 */
const uses: Readonly<Record<string, readonly string[]>> = {
  'kinesis:GetRecords': ['kms:Decrypt'],
  'kinesis:PutRecord': ['kms:GenerateDataKey'],
  'kinesis:PutRecords': ['kms:GenerateDataKey'],
  'kinesis:SubscribeToShard': ['kms:Decrypt'],
  's3:GetObject': ['kms:Decrypt'],
  's3:GetObjectVersion': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  // SQS reuses data keys, which it has to decrypt first.
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
};

/** Of tables, but not of their items. */
const withoutItems = /^dynamodb:(Create|Delete(?!Item)|Describe|List|Tag|Untag|Update(?!Item))/;

export function keyActions(action: string): readonly string[] {
  if (Object.hasOwn(uses, action)) return uses[action] ?? [];
  return action.startsWith('dynamodb:') && !withoutItems.test(action) ? ['kms:Decrypt'] : [];
}

/** What has the key: the table of an index, the bucket of an object. */
export function encryptedResource(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.split('/')[0] ?? resource;
  return resource.replace(/\/index\/.*$/, '');
}
