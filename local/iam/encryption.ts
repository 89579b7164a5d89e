import { z } from 'zod';
import { type ResourceRequest, readProperties } from '../cloudformation/emulator.ts';
import type { Collector } from './registry.ts';
import type { Scope } from './rights/index.ts';
import { arnOf } from './rights/scope.ts';

const keyId = z.string().optional();

export const tableEncryption = encrypted(
  z.object({ SSESpecification: z.looseObject({ KMSMasterKeyId: keyId }).optional() }),
  ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId,
);

export const streamEncryption = encrypted(
  z.object({ StreamEncryption: z.looseObject({ KeyId: keyId }).optional() }),
  ({ StreamEncryption }) => StreamEncryption?.KeyId,
);

export const queueEncryption = encrypted(
  z.object({ KmsMasterKeyId: keyId }),
  ({ KmsMasterKeyId }) => KmsMasterKeyId,
);

const byDefault = z.looseObject({ KMSMasterKeyID: keyId }).optional();
const rules = z.array(z.looseObject({ ServerSideEncryptionByDefault: byDefault }));

export const bucketEncryption = encrypted(
  z.object({ BucketEncryption: z.looseObject({ ServerSideEncryptionConfiguration: rules }).optional() }),
  ({ BucketEncryption }) =>
    BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID,
);

/** A resource that may be encrypted with a key of the account's own. */
function encrypted<Schema extends z.ZodType>(
  schema: Schema,
  keyOf: (properties: z.output<Schema>) => string | undefined,
): Collector {
  return ({ request, values, registry, scope }) => {
    const name = keyOf(readProperties(schema, request));
    // AWS's own keys allow whoever may use the resource.
    if (name === undefined || name.startsWith('alias/aws/')) return;
    registry.keys.set(values.attributes.Arn ?? '', keyArn(name, request, scope));
  };
}

function keyArn(name: string, { stackName, logicalId }: ResourceRequest, scope: Scope): string {
  if (name.includes('alias/')) {
    throw new Error(`${stackName}/${logicalId}: a key that is named by its alias (${name}) is not emulated`);
  }
  return name.startsWith('arn:') ? name : arnOf('kms', scope, `key/${name}`);
}
