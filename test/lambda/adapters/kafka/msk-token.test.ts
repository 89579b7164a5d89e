import { expect, test } from 'vitest';
import { mskToken } from '../../../../lambda/adapters/kafka/msk-token.ts';

/** What version 1.0.3 of npm's aws-msk-iam-sasl-signer-js signs for the same role at the same time. */
const expected = {
  Action: 'kafka-cluster:Connect',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'AKIDEXAMPLE/20260102/eu-west-1/kafka-cluster/aws4_request',
  'X-Amz-Date': '20260102T030405Z',
  'X-Amz-Expires': '900',
  'X-Amz-Security-Token': 'session/token+=',
  'X-Amz-Signature': '7b9512811e0b1fdd1036abf0acc1ac204d9e0fc27970438027ce590a6175ba4f',
  'X-Amz-SignedHeaders': 'host',
};

test('a token for MSK is the address that its own signer makes', async () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'session/token+=',
  };
  const token = await mskToken('eu-west-1', credentials, Date.parse('2026-01-02T03:04:05Z'));
  expect(token).toMatch(/^[\w-]+$/);
  const url = new URL(Buffer.from(token, 'base64url').toString('utf8'));
  expect(`${url.origin}${url.pathname}`).toBe('https://kafka.eu-west-1.amazonaws.com/');
  const { 'User-Agent': agent, ...parameters } = Object.fromEntries(url.searchParams);
  expect([parameters, agent]).toEqual([expected, 'lottery-streams']);
});
