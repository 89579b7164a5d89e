import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type Account, defineEmulator, generatedName, placeOf, type ResourceRequest } from '../emulator.ts';

/** CDK's function that does it on AWS, one for all of a stack: its code is Python, and it is never asked here. */
export const DEPLOYER_ID = /^CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/;

/** What the AWS CLI makes of a file's name, of those that sites are made of. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** In a template a flag may be a text. */
const flag = z.union([z.boolean(), z.stringbool()]);

/** `Custom::CDKBucketDeployment`: puts the files of assets into a bucket, with what is known only now in place of its markers. */
export const bucketDeployment = defineEmulator({
  properties: z.object({
    SourceObjectKeys: z.array(z.string()),
    SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
    SourceMarkersConfig: z.array(z.object({ jsonEscape: flag.default(false) })).default([]),
    DestinationBucketName: z.string(),
    DestinationBucketKeyPrefix: z.string().default(''),
    Prune: flag.pipe(z.literal(false, { error: 'nothing is deleted here: only false is emulated' })),
    SystemMetadata: z.record(z.string(), z.string()).default({}),
  }),
  irrelevant: [
    'DestinationBucketArn',
    'OutputObjectKeys',
    'ServiceToken',
    'SourceBucketNames',
    'WaitForDistributionInvalidation',
  ],
  async create(properties, request, account) {
    const { DestinationBucketName: Bucket, DestinationBucketKeyPrefix: prefix, SystemMetadata } = properties;
    const CacheControl = SystemMetadata['cache-control'];
    for (const [index, objectKey] of properties.SourceObjectKeys.entries()) {
      const markers = properties.SourceMarkers[index] ?? {};
      const isJson = properties.SourceMarkersConfig[index]?.jsonEscape === true;
      for (const { path, contents } of await filesOf(objectKey, request, account)) {
        const Key = join(prefix, path).split(sep).join('/');
        const Body = withValues(contents, markers, isJson);
        const ContentType = types[extname(path)] ?? 'binary/octet-stream';
        await account.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl }));
      }
    }
    return {
      ref: generatedName(request),
      attributes: { DestinationBucketArn: `arn:aws:s3:::${Bucket}` },
    };
  },
});

async function filesOf(objectKey: string, request: ResourceRequest, { assetPath }: Account) {
  const directory = assetPath(objectKey);
  if (directory === undefined) throw new Error(`${placeOf(request)}: no asset ${objectKey} in the assembly`);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({ path: relative(directory, file), contents: await readFile(file) })),
  );
}

function withValues(contents: Buffer, markers: Readonly<Record<string, string>>, isJson: boolean): Buffer {
  const values = Object.entries(markers);
  if (values.length === 0) return contents;
  let text = contents.toString('utf8');
  for (const [marker, value] of values) {
    text = text.replaceAll(marker, () => (isJson ? JSON.stringify(value).slice(1, -1) : value));
  }
  return Buffer.from(text);
}
