/** Where the page's environment is: `config.json`, beside the page. */
export interface Config {
  readonly environment: string;
  /** Of the WebSocket. */
  readonly realtime: string;
  /** Of the HTTP endpoint, which the protocol wants named. */
  readonly host: string;
  /** No secret: whoever has the page may listen. */
  readonly apiKey: string;
  readonly snapshots: string;
  readonly sheets: string;
  /** Whether it runs on this machine, with the API of its own. */
  readonly local: boolean;
}

/** @throws Error in a line */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return (await response.json()) as Config;
}
