/** Codes of Node and of Kafka's client, and names of the SDK: nothing answered, or whoever asked may ask nothing. */
const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|PLT_KFK_NETWORK|TimeoutError|CredentialsProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException)$/;

/** Whether the error, or one that it wraps, says that there is nobody who answers. */
export function isUnreachable(error: unknown): boolean {
  return causesOf(error).some((cause) => namesOf(cause).some((name) => unreachable.test(name)));
}

/** What to call an error by. */
export function namesOf(error: Error): string[] {
  return [error.name, 'code' in error ? String(error.code) : ''].filter((name) => name !== '');
}

/** The error, and those that it wraps. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...inner.flatMap(causesOf)];
}
