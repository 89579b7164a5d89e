/** What the SDK knows when it needs an endpoint; its rules ask for more, which no call of a function has. */
interface Parameters {
  readonly Region?: string;
  /** Of a variable: AWS_ENDPOINT_URL_S3 and so on. */
  readonly Endpoint?: string;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
  readonly Bucket?: string;
}

interface Endpoint {
  readonly url: URL;
  readonly headers: object;
  readonly properties: object;
}

/** Domains of AWS's partitions, by how the names of their regions begin. All others are below amazonaws.com. */
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
];

/**
 * Endpoints, in the place of the SDK's rules for all that its clients can be asked: 40 KB of tables for what is one line for the calls that
 * functions make. A test holds them beside those rules, for each region that the SDK knows.
 * @throws Error when there is no region, or FIPS or IPv6 is asked for
 */
function baseOf(service: string, parameters: Parameters): string {
  const { Region: region, Endpoint: endpoint, UseFIPS, UseDualStack } = parameters;
  if (UseFIPS || UseDualStack) throw new Error('The bundles have no endpoints for FIPS, nor dual-stack ones');
  if (endpoint) return endpoint;
  if (!region) throw new Error('There is no region');
  const [, domain] = domains.find(([prefix]) => region.startsWith(prefix)) ?? ['', 'amazonaws.com'];
  return `https://${service}.${region}.${domain}`;
}

function regional(service: string) {
  return (parameters: Parameters): Endpoint => ({
    url: new URL(baseOf(service, parameters)),
    headers: {},
    properties: {},
  });
}

export const dynamodb = regional('dynamodb');
export const kinesis = regional('kinesis');
export const kms = regional('kms');
export const sqs = regional('sqs');

/** With the bucket in the path. */
export function s3(parameters: Parameters): Endpoint {
  const { Region: signingRegion, Bucket: bucket = '' } = parameters;
  const url = new URL(baseOf('s3', parameters));
  url.pathname += `${url.pathname.endsWith('/') ? '' : '/'}${encodeURIComponent(bucket)}`;
  const signature = { name: 'sigv4', signingName: 's3', signingRegion, disableDoubleEncoding: true };
  return { url, headers: {}, properties: { authSchemes: [signature] } };
}
