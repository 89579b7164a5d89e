import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dynamodb, kinesis, kms, s3, sqs } from '../../lambda/adapters/sdk/endpoints.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { sdkCalls, sdkClients } from './support/sdk-calls.ts';
import { signingVariables } from './support/signature.ts';

const providers = { dynamodb, kinesis, kms, s3, sqs };

afterEach(() => vi.unstubAllEnvs());

const partitionsSchema = z.object({
  partitions: z.array(z.object({ regions: z.record(z.string(), z.unknown()) })),
});

/** All that the SDK knows, in all partitions of AWS, without what stands for a whole partition. */
function knownRegions(): string[] {
  const file = '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
  const text = readFileSync(`${projectRoot}node_modules/${file}`, 'utf8');
  const json: unknown = JSON.parse(text.slice(text.indexOf('{'), text.indexOf('};') + 1));
  const names = partitionsSchema.parse(json).partitions.flatMap(({ regions }) => Object.keys(regions));
  return names.filter((name) => !name.endsWith('-global'));
}

interface Endpoint {
  readonly url: URL;
  readonly properties?: object;
}

interface Found {
  readonly theirs: Endpoint;
  readonly ours: Endpoint;
}

/** What the SDK's rules and ours say to each call that functions make. */
async function expectSameEndpoints(variables: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries({ ...signingVariables, ...variables })) vi.stubEnv(name, value);
  const clients = sdkClients();
  const found: Found[] = [];
  for (const name of Object.keys(clients) as (keyof typeof clients)[]) {
    const { config }: { readonly config: { readonly endpointProvider: (parameters: never) => Endpoint } } =
      clients[name];
    const { endpointProvider: rules } = config;
    Object.assign(config, {
      endpointProvider(parameters: never): never {
        found.push({ theirs: rules(parameters), ours: providers[name](parameters) });
        throw new Error('Not sent');
      },
    });
  }
  const calls = Object.values(sdkCalls(clients));
  for (const call of calls) await expect(call()).rejects.toThrow('Not sent');
  expect(found.length).toBeGreaterThanOrEqual(calls.length);
  for (const { theirs, ours } of found) {
    expect(ours.url.href).toBe(theirs.url.href);
    expect(ours).toEqual(theirs);
  }
}

test('endpoints of all regions are those of the rules of the SDK', async () => {
  const regions = knownRegions();
  expect(regions).toContain('cn-north-1');
  for (const region of [...regions, 'eu-future-7']) await expectSameEndpoints({ AWS_REGION: region });
});

test.each(['http://127.0.0.1:4567', 'http://127.0.0.1:4567/base', 'https://bucket.vpce-1.s3.amazonaws.com/'])(
  'so are those at %s',
  (endpoint) => expectSameEndpoints({ AWS_ENDPOINT_URL: endpoint }),
);

test.each([{ UseFIPS: true }, { UseDualStack: true }, { Region: undefined }])(
  'there is none with %o',
  (parameters) => {
    for (const endpointOf of Object.values(providers)) {
      expect(() => endpointOf({ Region: 'eu-west-1', ...parameters })).toThrow(/no endpoints|no region/);
    }
  },
);
