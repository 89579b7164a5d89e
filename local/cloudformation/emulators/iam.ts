import { z } from 'zod';
import { defineEmulator, generatedName } from '../emulator.ts';

/** Names and ARNs alone: what policies say, local/iam reads. */
const named = { Path: z.string().default('/') };

export const iamRole = defineEmulator({
  properties: z.object({ ...named, RoleName: z.string().optional() }),
  irrelevant: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Policies',
    'Tags',
  ],
  async create({ RoleName: name = '', Path }, request, { accountId }) {
    const ref = name || generatedName(request);
    return { ref, attributes: { Arn: `arn:aws:iam::${accountId}:role${Path}${ref}`, RoleId: ref } };
  },
});

export const iamManagedPolicy = defineEmulator({
  properties: z.object({ ...named, ManagedPolicyName: z.string().optional() }),
  irrelevant: ['Description', 'Groups', 'PolicyDocument', 'Roles', 'Users'],
  async create({ ManagedPolicyName: name = '', Path }, request, { accountId }) {
    const arn = `arn:aws:iam::${accountId}:policy${Path}${name || generatedName(request)}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
});
