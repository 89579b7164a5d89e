import { parseRolePolicy, type Statement } from './policy/statement.ts';

/** What Lambda does to poll, as its policies of AWS have it. */
const pollStream = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
  'kinesis:ListStreams',
  'kinesis:SubscribeToShard',
];
const pollQueue = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const writeLog = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Policies of AWS that the CDK attaches to a function's role, by the end of their ARN (AWS Managed Policy Reference). */
const actions: Readonly<Record<string, readonly string[]>> = {
  AWSXRayDaemonWriteAccess: ['xray:*'],
  'service-role/AWSLambdaBasicExecutionRole': writeLog,
  'service-role/AWSLambdaKinesisExecutionRole': [...pollStream, ...writeLog],
  'service-role/AWSLambdaSQSQueueExecutionRole': [...pollQueue, ...writeLog],
  'service-role/AWSLambdaVPCAccessExecutionRole': ['ec2:*', ...writeLog],
};

/** By ARN. Any other policy of AWS stops the start with its name. */
export function policiesOfAws(): [arn: string, statements: Statement[]][] {
  return Object.entries(actions).map(([name, Action]) => [
    `arn:aws:iam::aws:policy/${name}`,
    parseRolePolicy({ Statement: { Effect: 'Allow', Action: [...Action], Resource: '*' } }),
  ]);
}
