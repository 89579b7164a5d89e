import type { RequestListener } from 'node:http';
import type { Runtime } from '../../local/runtime-options.ts';
import { type LocalApiOptions, localApi } from './local-api.ts';

/** Whether the app has a page: a setting says so. */
export function hasPage({ LivePageUrl }: Runtime['outputs']): boolean {
  return LivePageUrl !== undefined;
}

/**
 * What the page has on this machine beside what is deployed: an API to play and to see the pipeline by, and a configuration
 * that says so, and has a socket without TLS.
 */
export function servePage(environment: string, options: LocalApiOptions): void {
  const { page, outputs } = options.runtime;
  if (!page || !hasPage(outputs)) return;
  const { host } = new URL(page.url);
  const config = JSON.stringify({
    environment,
    ...{ realtime: `ws://${host}/event/realtime`, host, apiKey: outputs.LiveApiKeyId },
    ...{ snapshots: '/live/', sheets: '/sheets/', local: true },
  });
  const answerConfig: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }).end(config);
  };
  const api = localApi(options);
  page.serve('/config.json', answerConfig);
  page.serve('/local/', (request, response) => {
    if (!api(request, response)) response.writeHead(404).end();
  });
}
