import { z } from 'zod';
import { kmsArn } from '../../iam/rights/kms.ts';
import { keySpecs } from '../../kms/kms.ts';
import { defineEmulator, generatedName, placeOf } from '../emulator.ts';

/** A symmetric one is there and does nothing, as the engines do not encrypt; one of ECC_NIST_P256 signs. */
export const kmsKey = defineEmulator({
  properties: z.object({
    Enabled: z.boolean().default(true),
    KeySpec: z.enum(keySpecs).default('SYMMETRIC_DEFAULT'),
    KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY']).default('ENCRYPT_DECRYPT'),
  }),
  irrelevant: [
    'BypassPolicyLockoutSafetyCheck',
    'Description',
    'EnableKeyRotation',
    'KeyPolicy',
    'MultiRegion',
    'PendingWindowInDays',
    'RotationPeriodInDays',
    'Tags',
  ],
  async create({ Enabled, KeySpec, KeyUsage }, request, { kms, ...scope }) {
    if ((KeySpec === 'SYMMETRIC_DEFAULT') !== (KeyUsage === 'ENCRYPT_DECRYPT')) {
      throw new Error(`${placeOf(request)}: KeyUsage: a key of ${KeySpec} has no ${KeyUsage} here`);
    }
    const id = generatedName(request);
    kms?.createKey({ keyId: id, spec: KeySpec, isEnabled: Enabled });
    return { ref: id, attributes: { Arn: kmsArn(id, scope), KeyId: id } };
  },
});

export const kmsAlias = defineEmulator({
  properties: z.object({ AliasName: z.string().startsWith('alias/'), TargetKeyId: z.string() }),
  irrelevant: [],
  async create({ AliasName, TargetKeyId }, _, { kms }) {
    kms?.createAlias(AliasName, TargetKeyId);
    return { ref: AliasName, attributes: {} };
  },
});
