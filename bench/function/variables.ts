import { functionVariables } from '../../lambda/contract/variables.ts';

/** Where a function finds AWS. */
export interface Endpoint {
  readonly url: string;
  /** Of whoever signed the endpoint's certificate: a file. */
  readonly certificate?: string;
}

/** Nobody is there. */
export const nowhere: Endpoint = { url: 'http://127.0.0.1:9' };

/** Not a secret: the stub checks no signature. */
const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

const known: Readonly<Record<string, string>> = {
  WINDOW_SECONDS: '10',
  GRACE_SECONDS: '2',
  CLOCK_TOLERANCE_SECONDS: '120',
  STREAM_RETENTION_HOURS: '24',
  MARGIN_MILLISECONDS: '250',
  RANDOMNESS: 'seed',
};

/** The variables that the template and Lambda set, those of all functions. */
export function variables({ url, certificate }: Endpoint): Record<string, string> {
  const names = Object.values(functionVariables)
    .flat()
    .map((name) => {
      const isUrl = name.endsWith('_URL');
      return [name, known[name] ?? (isUrl ? `${url}/000000000000/ticks` : `bench-${name}`)] as const;
    });
  return {
    ...Object.fromEntries(names),
    ...credentials,
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: url,
    ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate }),
    POWERTOOLS_SERVICE_NAME: 'bench',
    POWERTOOLS_METRICS_NAMESPACE: 'Bench',
  };
}
