import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { defineEmulator, generatedName } from '../emulator.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const MAX_NAME_LENGTH = 63;

export const s3Bucket = defineEmulator({
  properties: z.object({ BucketName: z.string().optional() }),
  irrelevant: [
    'BucketEncryption',
    'LifecycleConfiguration',
    'LoggingConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
    'VersioningConfiguration',
  ],
  async create({ BucketName }, request, { clients: { s3 }, region }) {
    const name = BucketName ?? generatedName(request).toLowerCase().slice(0, MAX_NAME_LENGTH);
    // Creating one's own bucket again succeeds, as in us-east-1.
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
});
