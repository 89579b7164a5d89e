import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, createClients } from '../../../local/clients.ts';
import { deploy } from '../../../local/cloudformation/deploy.ts';
import type { Account } from '../../../local/cloudformation/emulator.ts';
import { parseTemplate } from '../../../local/cloudformation/template.ts';
import { startFauxqsEngine } from '../../../local/engines/fauxqs.ts';
import type { RunningEngine } from '../../../local/engines/running-engine.ts';
import { type PagePort, startPagePort } from '../../../local/page/page-port.ts';

const domainOf = (bucket: string) => ({ 'Fn::GetAtt': [bucket, 'RegionalDomainName'] });
const optimized = '658327ea-f89d-4fab-a63d-7e88639e58f6';

const behavior = (TargetOriginId: string) => ({
  ...{ TargetOriginId, ViewerProtocolPolicy: 'redirect-to-https', Compress: true, CachePolicyId: optimized },
  ResponseHeadersPolicyId: { Ref: 'Headers' },
});

const Resources = {
  Site: { Type: 'AWS::S3::Bucket' },
  Draws: { Type: 'AWS::S3::Bucket' },
  Headers: {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: 'headers',
        SecurityHeadersConfig: {
          FrameOptions: { FrameOption: 'DENY', Override: true },
          ContentTypeOptions: { Override: true },
        },
      },
    },
  },
  Page: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        ...{ Enabled: true, DefaultRootObject: 'index.html' },
        Origins: [
          { Id: 'site', DomainName: domainOf('Site') },
          { Id: 'draws', DomainName: domainOf('Draws') },
        ],
        DefaultCacheBehavior: behavior('site'),
        CacheBehaviors: [{ ...behavior('draws'), PathPattern: '/sheets/*' }],
      },
    },
  },
  CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'python.zip' },
      Handler: 'index.handler',
      Runtime: 'python3.13',
      Role: 'role',
    },
  },
  Files: {
    Type: 'Custom::CDKBucketDeployment',
    Properties: {
      ServiceToken: {
        'Fn::GetAtt': ['CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536', 'Arn'],
      },
      SourceObjectKeys: ['files.zip', 'config.zip'],
      SourceMarkers: [{}, { '<<marker>>': { 'Fn::GetAtt': ['Page', 'DomainName'] } }],
      SourceMarkersConfig: [{}, { jsonEscape: 'true' }],
      DestinationBucketName: { Ref: 'Site' },
      SystemMetadata: { 'cache-control': 'no-cache' },
      Prune: false,
    },
  },
};

let engine: RunningEngine;
let clients: Clients;
let page: PagePort;
let assets: string;

beforeAll(async () => {
  engine = await startFauxqsEngine({ port: 0 });
  const s3 = `http://127.0.0.1:${engine.port}`;
  const endpoints = { kinesis: s3, dynamodb: s3, sqs: s3, s3 };
  clients = createClients(endpoints, 'us-east-1');
  page = await startPagePort({ port: 0, interceptor: undefined, s3: () => clients.s3 });
  assets = mkdtempSync(join(tmpdir(), 'site-'));
  mkdirSync(join(assets, 'files.zip/worker'), { recursive: true });
  mkdirSync(join(assets, 'config.zip'));
  writeFileSync(join(assets, 'files.zip/index.html'), '<p>page</p>');
  writeFileSync(join(assets, 'files.zip/worker/check.js'), `// ${'x'.repeat(2_000)}`);
  writeFileSync(join(assets, 'config.zip/config.json'), '{"host":"<<marker>>"}');
  const account: Account = {
    ...{ region: 'us-east-1', accountId: '000000000000', endpoints, clients, page, warn: () => {} },
    ...{ createFunction: () => {}, createMapping: () => {}, assetPath: (key) => join(assets, key) },
    askFunction: () => Promise.reject(new Error('nobody is asked')),
  };
  const Outputs = { Draws: { Value: { Ref: 'Draws' } } };
  const template = parseTemplate('page', { Resources, Outputs });
  const [stack] = await deploy([{ name: 'page', region: 'us-east-1', template }], account);
  const Bucket = stack?.outputs.Draws;
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'sheets/one', Body: 'sheet' }));
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'blocks/one', Body: 'block' }));
});

afterAll(async () => {
  await page.stop();
  clients.destroy();
  await engine.close();
  rmSync(assets, { recursive: true });
});

const get = (path: string, options: RequestInit = {}) => fetch(`http://${page.host}${path}`, options);

describe('a distribution before buckets', () => {
  it('has the files of the deployment, with their types and what was not known before', async () => {
    const index = await get('/');
    expect(await index.text()).toBe('<p>page</p>');
    expect(index.headers.get('content-type')).toBe('text/html');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    expect(await (await get('/config.json?x=1')).json()).toEqual({ host: page.host });
    const worker = await get('/worker/check.js');
    expect(worker.headers.get('content-type')).toBe('text/javascript');
    expect(worker.headers.get('content-encoding')).toBe('gzip');
    expect(await worker.text()).toContain('xxx');
  });

  it('adds the headers of its policy, to what it refuses too', async () => {
    for (const path of ['/', '/nothing']) {
      const { headers } = await get(path);
      expect([headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual([
        'DENY',
        'nosniff',
      ]);
    }
  });

  it('serves of another bucket what its behavior says, and nothing else', async () => {
    expect(await (await get('/sheets/one')).text()).toBe('sheet');
    for (const path of [
      '/sheets/two',
      '/blocks/one',
      '/sheets/../blocks/one',
      '/sheets%2Fone',
      '/%',
      '/nothing',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 403]);
    }
  });

  it('takes GET and HEAD alone', async () => {
    expect((await get('/', { method: 'HEAD' })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await get('/', { method })).status).toBe(403);
  });

  it('leaves the paths to others that they ask for', async () => {
    page.serve('/local/', (_, response) => response.end('own'));
    expect(await (await get('/local/anything', { method: 'POST' })).text()).toBe('own');
  });
});
