import type { LotteryResources } from '../../client/resources.ts';
import { isKafka } from '../../client/streams/open.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { hasPage } from './page.ts';

/** What a person needs to talk to a running environment with the AWS CLI. */
export function guide(
  { endpoints, region, lambdaEndpoint, outputs, beacon, page }: Runtime,
  resources: LotteryResources,
): string {
  const { userEventsInput, lotteryEventsInput, userEventsOutput, lotteryEventsOutput } = resources;
  return [
    ...(page && hasPage(outputs) ? [`The page: ${page.url}`, ''] : []),
    'Endpoints, for the AWS CLI and SDKs:',
    `export AWS_ENDPOINT_URL_KINESIS=${endpoints.kinesis}`,
    `export AWS_ENDPOINT_URL_DYNAMODB=${endpoints.dynamodb}`,
    `export AWS_ENDPOINT_URL_SQS=${endpoints.sqs}`,
    `export AWS_ENDPOINT_URL_S3=${endpoints.s3}`,
    `export AWS_ENDPOINT_URL_LAMBDA=${lambdaEndpoint}`,
    `export AWS_ENDPOINT_URL_KMS=${endpoints.kms}`,
    `export AWS_ENDPOINT_URL_CLOUDFORMATION=${lambdaEndpoint}`,
    `export AWS_DEFAULT_REGION=${region}`,
    'export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    '',
    ...(beacon
      ? [`Beacon, of this machine alone: ${lambdaEndpoint}/${beacon.chain.chainHash}/public/latest`]
      : []),
    `Artifacts bucket, for npm run redrive: ${outputs.ArtifactsBucketName ?? 'the app has none'}`,
    `${isKafka(outputs) ? 'Topics' : 'Streams'}: ${lotteryEventsInput} and ${userEventsInput} in, ${lotteryEventsOutput} and ${userEventsOutput} out.`,
    ...(isKafka(outputs)
      ? onTopics(outputs, userEventsInput)
      : onStreams(endpoints.kinesis, userEventsInput)),
    '',
  ].join('\n');
}

const buy = '{"type":"UserBuyCouponEvent","userId":7,"purchasedCoupons":10}';

function onStreams(endpoint: string, stream: string): string[] {
  const put = (data: string) =>
    `aws kinesis put-record --stream-name ${stream} --partition-key 7 \\\n  --endpoint-url ${endpoint} \\\n  --data ${data}`;
  return [
    'Your own events (with version 2 of the AWS CLI add --cli-binary-format raw-in-base64-out):',
    put(`'${buy}'`),
    put(
      `"{\\"type\\":\\"UserClickEvent\\",\\"userId\\":7,\\"lotteryId\\":1,\\"timestamp\\":$(date +%s)000}"`,
    ),
  ];
}

function onTopics({ KafkaBootstrapServers = '' }: Runtime['outputs'], topic: string): string[] {
  return [
    'Your own events, from this clone; or with what comes with Apache Kafka (4.2 or newer), under the id of their user:',
    `echo '${buy}' | npx lottery put`,
    `echo '7#${buy}' | kafka-console-producer.sh --bootstrap-server ${KafkaBootstrapServers} \\\n  --topic ${topic} --reader-property parse.key=true --reader-property key.separator=#`,
  ];
}
