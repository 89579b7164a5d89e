import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../sha256.ts';

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** A connection asks for one when it is made, and again before the broker's session ends. */
const validSeconds = 900;

/**
 * What MSK takes as a bearer token in place of a password: an address with a signature that only the role can give
 * (https://github.com/aws/aws-msk-iam-sasl-signer-js).
 * @param now ms since the epoch
 */
export async function mskToken(region: string, credentials: Credentials, now: number): Promise<string> {
  const hostname = `kafka.${region}.amazonaws.com`;
  const signer = new SignatureV4({
    ...{ service: 'kafka-cluster', region, credentials, sha256: Sha256, applyChecksum: false },
  });
  const { query = {} } = await signer.presign(
    {
      ...{ method: 'GET', protocol: 'https:', hostname, path: '/', headers: { host: hostname } },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { signingDate: new Date(now), expiresIn: validSeconds },
  );
  const parameters = [...Object.entries(query), ['User-Agent', 'lottery-streams']]
    .map(([name, value]) => `${encodeURIComponent(String(name))}=${encodeURIComponent(String(value))}`)
    .join('&');
  return Buffer.from(`https://${hostname}/?${parameters}`).toString('base64url');
}
