interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The credentials of the function's role: Lambda puts them into the environment of each execution environment
 * (Lambda developer guide, "Defined runtime environment variables").
 * @throws Error that names the variable that is missing
 */
export async function roleCredentials(): Promise<Credentials> {
  const { AWS_SESSION_TOKEN: sessionToken } = process.env;
  return {
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
}

/**
 * In the bundles this module takes the place of `@aws-sdk/credential-provider-node`, which each client imports
 * for the case that it is given no credentials: a chain of profiles, single sign-on, web identities, processes
 * and instance metadata, a quarter of a bundle, of which a Lambda function has nothing but the variables above.
 */
export function defaultProvider(): typeof roleCredentials {
  return roleCredentials;
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Environment variable ${name} is not set: there are no credentials`);
  return value;
}
