import { z } from 'zod';
import { defineEmulator, type Emulator, generatedName } from '../emulator.ts';
import { DEPLOYER_ID } from './bucket-deployment.ts';

/** The runtime that this process can stand in for: the threads run its own Node. */
const RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;
const DEFAULT_TIMEOUT_SECONDS = 3;
/** Lambda's quota. */
const LONGEST_TIMEOUT_SECONDS = 900;
const DEFAULT_MEMORY_MB = 128;

const hostedFunction = defineEmulator({
  properties: z.object({
    FunctionName: z.string().optional(),
    Code: z.object({ S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.literal(RUNTIME, { error: `must be ${RUNTIME}, the Node that runs this` }),
    Timeout: z.int().min(1).max(LONGEST_TIMEOUT_SECONDS).default(DEFAULT_TIMEOUT_SECONDS),
    MemorySize: z.number().default(DEFAULT_MEMORY_MB),
    RecursiveLoop: z.enum(['Allow', 'Terminate']).default('Terminate'),
    Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
    LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
  }),
  irrelevant: ['Architectures', 'Description', 'Role', 'Tags', 'TracingConfig'],
  async create(properties, request, account) {
    const functionName = properties.FunctionName ?? generatedName(request);
    const functionArn = `arn:aws:lambda:${account.region}:${account.accountId}:function:${functionName}`;
    const codeDirectory = account.assetPath(properties.Code.S3Key);
    if (codeDirectory === undefined) {
      throw new Error(
        `${request.stackName}/${request.logicalId}: no asset ${properties.Code.S3Key} in the assembly`,
      );
    }
    account.createFunction({
      functionName,
      functionArn,
      codeDirectory,
      handler: properties.Handler,
      timeoutMs: properties.Timeout * 1000,
      memorySizeMb: properties.MemorySize,
      logGroupName: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
      recursiveLoop: properties.RecursiveLoop,
      variables: properties.Environment?.Variables ?? {},
    });
    return { ref: functionName, attributes: { Arn: functionArn } };
  },
});

export const lambdaFunction: Emulator = {
  async create(request, account) {
    if (!DEPLOYER_ID.test(request.logicalId)) return hostedFunction.create(request, account);
    const name = generatedName(request);
    return {
      ref: name,
      attributes: { Arn: `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}` },
    };
  },
};
