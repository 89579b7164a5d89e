import { devNull } from 'node:os';
import type { ServiceEndpoints } from '../services.ts';

/** Not a secret: the engines check no signatures, but the SDK wants something to sign with. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface LambdaVariables {
  functionName: string;
  handler: string;
  memorySizeMb: number;
  codeDirectory: string;
  region: string;
  endpoints: ServiceEndpoints;
  logGroupName: string;
  logStreamName: string;
  /** Identifies the execution environment in its AWS calls, see below. */
  environmentId: string;
}

/**
 * The variables that Lambda sets itself, and the endpoints that make a function talk to this machine.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * TZ is left out: a thread cannot have a time zone of its own.
 */
export function lambdaVariables(options: LambdaVariables): Record<string, string> {
  const { endpoints } = options;
  return {
    _HANDLER: options.handler,
    AWS_DEFAULT_REGION: options.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memorySizeMb),
    AWS_LAMBDA_FUNCTION_NAME: options.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: options.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStreamName,
    AWS_REGION: options.region,
    LAMBDA_TASK_ROOT: options.codeDirectory,
    LANG: 'en_US.UTF-8',
    ...callerVariables(options.environmentId),
    // Whatever profile the machine's user has configured is none of the function's business.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  };
}

/**
 * Each execution environment signs with an access key id of its own, as each role does on AWS: whoever looks
 * at its calls (fault injection) knows where a call comes from, and the function knows nothing of it.
 */
function callerVariables(environmentId: string): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: environmentId, AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey };
}
