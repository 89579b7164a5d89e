import type { LotteryResources } from '../../client/resources.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { hasPage } from './page.ts';

/** What a person needs to talk to a running environment with the AWS CLI. */
export function guide(
  { endpoints, region, lambdaEndpoint, outputs, beacon, page }: Runtime,
  resources: LotteryResources,
): string {
  const put = (stream: string, key: string, data: string) =>
    `aws kinesis put-record --stream-name ${stream} --partition-key ${key} \\\n  --endpoint-url ${endpoints.kinesis} \\\n  --data ${data}`;
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
    `Streams: ${lotteryEventsInput} and ${userEventsInput} in, ${lotteryEventsOutput} and ${userEventsOutput} out.`,
    'Your own events (with version 2 of the AWS CLI add --cli-binary-format raw-in-base64-out):',
    put(userEventsInput, '7', `'{"type":"UserBuyCouponEvent","userId":7,"purchasedCoupons":10}'`),
    put(
      userEventsInput,
      '7',
      `"{\\"type\\":\\"UserClickEvent\\",\\"userId\\":7,\\"lotteryId\\":1,\\"timestamp\\":$(date +%s)000}"`,
    ),
    '',
  ].join('\n');
}
