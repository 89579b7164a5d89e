interface Part {
  /** A module of ours, in `lambda/adapters/`. */
  readonly by: string;
  /** What it exports under which name of the other. Default: all, under its own. */
  readonly names?: string;
}

const clients = ['dynamodb', 'kinesis', 'kms', 's3', 'sqs'];
const fileOf = (client: string, file: string) => `@aws-sdk/client-${client}/dist-es/${file}.js`;
const smithy = '@smithy/core/dist-es/submodules';
const streams = `${smithy}/serde/util-stream`;
const aws = '@aws-sdk/core/dist-es/submodules';
const s3 = '@aws-sdk/middleware-sdk-s3/dist-es/submodules/s3';

const kafka = '@platformatic/kafka/dist';

const as = (ours: string, names: readonly string[]) => names.map((name) => `${ours} as ${name}`);
/** What fails when it is called. */
const unused = (...names: string[]): Part => ({ by: 'sdk/unused.ts', names: as('unused', names).join() });
/** What is made, and never asked for anything. */
const unasked = (name: string): Part => ({ by: 'sdk/unused.ts', names: `Unasked as ${name}` });
/** A client's plugin that does nothing, with what else its file exports and nothing calls. */
const noPlugin = (plugin: string, ...others: string[]): Part => ({
  by: 'sdk/unused.ts',
  names: [`noPlugin as ${plugin}`, ...as('unused', others)].join(),
});

/** Of each client. */
const ofClients = clients.flatMap((client): [string, Part][] => [
  [
    fileOf(client, 'endpoint/endpointResolver'),
    { by: 'sdk/endpoints.ts', names: `${client} as defaultEndpointResolver` },
  ],
  [fileOf(client, 'runtimeExtensions'), { by: 'sdk/extensions.ts' }],
]);

/**
 * Files of the SDK, and of Kafka's client, as seen from `node_modules/`, that no function needs, and what takes their place. Reasons are here or there.
 * A call that needs one of them fails with the name of this file.
 */
export const replacedParts: Readonly<Record<string, Part>> = {
  ...Object.fromEntries(ofClients),
  // What the rules for endpoints look up: the regions of AWS, and parts of ARNs.
  [`${aws}/client/util-endpoints/aws.js`]: unused('awsEndpointFunctions'),
  [`${smithy}/config/node-config-provider/fromSharedConfigFiles.js`]: { by: 'sdk/config-files.ts' },
  [`${smithy}/config/defaults-mode/resolveDefaultsModeConfig.js`]: { by: 'sdk/defaults-mode.ts' },
  // For AWS_RETRY_MODE=adaptive, which no function sets.
  [`${smithy}/retry/util-retry/AdaptiveRetryStrategy.js`]: unused('AdaptiveRetryStrategy'),
  // Hashes written in JavaScript, for where Node has none of its own.
  [`${smithy}/checksum/md5/Md5Js.js`]: unused('Md5Js'),
  [`${smithy}/checksum/sha256/Sha256Js.js`]: unused('Sha256Js'),
  '@aws-sdk/checksums/dist-es/submodules/sha/sha1/Sha1Js.js': unused('Sha1Js'),
  // Calls with streams of events, such as SubscribeToShard and SelectObjectContent, and signatures of these events.
  [`${smithy}/event-streams/index.js`]: { by: 'sdk/event-streams.ts' },
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': unasked('HeaderFormatter'),
  // Bodies that functions send are texts and bytes; those that come are streams of Node.
  [`${streams}/getAwsChunkedEncodingStream.js`]: unused('getAwsChunkedEncodingStream'),
  [`${streams}/createBufferedReadable.js`]: unused('createBufferedReadable'),
  [`${streams}/sdk-stream-mixin.browser.js`]: unused('sdkStreamMixin'),
  [`${streams}/checksum/createChecksumStream.browser.js`]: unused('createChecksumStream'),
  // Bodies in XML: those that functions send to S3 are objects.
  [`${aws}/protocols/xml/XmlShapeSerializer.js`]: { by: 'sdk/xml-bodies.ts' },
  // HTTP/2, the default of Kinesis's client, which clients.ts replaces.
  '@smithy/node-http-handler/dist-es/node-http2-handler.js': { by: 'sdk/http1-handler.ts' },
  // DynamoDB has one endpoint a region. To ask it for them needs a variable that no function has.
  '@aws-sdk/middleware-endpoint-discovery/dist-es/index.js': { by: 'sdk/endpoint-discovery.ts' },
  [fileOf('dynamodb', 'commands/DescribeEndpointsCommand')]: unused('DescribeEndpointsCommand'),
  // Signatures for many regions, which only access points of S3 that have many need.
  '@aws-sdk/signature-v4-multi-region/dist-es/index.js': { by: 'sdk/signature.ts' },
  [`${aws}/httpAuthSchemes/aws_sdk/AwsSdkSigV4ASigner.js`]: unasked('AwsSdkSigV4ASigner'),
  // Sessions with directory buckets of S3: the app's are general purpose ones.
  [`${s3}/middleware-s3-express/functions/s3ExpressMiddleware.js`]: noPlugin(
    'getS3ExpressPlugin',
    ...['s3ExpressMiddleware', 's3ExpressMiddlewareOptions'],
  ),
  [`${s3}/middleware-s3-express/functions/s3ExpressHttpSigningMiddleware.js`]: noPlugin(
    'getS3ExpressHttpSigningPlugin',
    ...['s3ExpressHttpSigningMiddleware', 's3ExpressHttpSigningMiddlewareOptions'],
  ),
  [`${s3}/middleware-s3-express/classes/S3ExpressIdentityProviderImpl.js`]: unasked(
    'S3ExpressIdentityProviderImpl',
  ),
  [fileOf('s3', 'commands/CreateSessionCommand')]: unused('CreateSessionCommand'),
  // To follow a bucket to another region, for clients that ask for it.
  [`${s3}/middleware-region-redirect/region-redirect-middleware.js`]: noPlugin(
    'getRegionRedirectMiddlewarePlugin',
    ...['regionRedirectMiddleware', 'regionRedirectMiddlewareOptions'],
  ),
  // Keys that a caller encrypts with.
  [`${s3}/middleware-ssec/middleware-ssec.js`]: noPlugin(
    'getSsecPlugin',
    ...['ssecMiddleware', 'ssecMiddlewareOptions', 'isValidBase64EncodedSSECustomerKey'],
  ),
  // A warning of streams that do not say how long they are, and dates of objects that end.
  [`${s3}/middleware-check-content-length-header/check-content-length-header.js`]: noPlugin(
    'getCheckContentLengthHeaderPlugin',
    ...['checkContentLengthHeader', 'checkContentLengthHeaderMiddlewareOptions'],
  ),
  [`${s3}/middleware-s3-expires/s3-expires-middleware.js`]: noPlugin(
    'getS3ExpiresMiddlewarePlugin',
    ...['s3ExpiresMiddleware', 's3ExpiresMiddlewareOptions'],
  ),
  // Of Kafka's client functions have the producer. Its index names the others with all of their exports: none.
  [`${kafka}/clients/admin/index.js`]: { by: 'kafka/no-exports.ts' },
  [`${kafka}/clients/consumer/index.js`]: { by: 'kafka/no-exports.ts' },
  // Schemas of records in Avro and others, which are asked of a registry.
  [`${kafka}/registries/index.js`]: { by: 'kafka/no-exports.ts' },
  // What checks its options, for who asks for that (`strict`).
  'ajv/dist/2020.js': { by: 'kafka/unchecked-options.ts' },
};
