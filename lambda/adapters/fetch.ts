/** What an answer may take. */
export interface FetchLimits {
  /** From the call to the last byte, ms. */
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

export interface Fetched {
  readonly status: number;
  readonly body: string;
}

/** GET. @throws Error when there is no answer within the limits */
export type Fetch = (url: string, limits: FetchLimits) => Promise<Fetched>;

/**
 * GET by HTTP. A redirection is none that is followed: whoever answers could have a function ask what only the function
 * can reach.
 */
export const httpFetch: Fetch = async (url, { timeoutMs, maximumBytes }) => {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, body: await textOf(response, maximumBytes) };
};

async function textOf({ body, url }: Response, maximumBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // To leave the loop is to close the connection.
    if (bytes > maximumBytes) throw new Error(`The answer of ${url} has more than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
