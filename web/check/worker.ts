/** Runs beside the page, which goes on meanwhile: a request, its progress, and its result. */
import type { CheckMessage, CheckRequest } from './messages.ts';
import { check } from './run.ts';

/** No more messages than somebody can see. */
const progressMs = 100;

addEventListener('message', async ({ data }: MessageEvent<CheckRequest>) => {
  let saidAt = 0;
  const result = await check(data, (bytes, total) => {
    const now = performance.now();
    if (now - saidAt < progressMs) return;
    saidAt = now;
    say({ type: 'progress', bytes, ...(total !== undefined && { total }) });
  });
  say({ type: 'result', result });
});

function say(message: CheckMessage): void {
  postMessage(message);
}
