/** Starts a check; its worker is loaded here, and not before. */
import type { CheckMessage, CheckRequest, CheckResult } from './messages.ts';

export interface CheckHandlers {
  onProgress(bytes: number, total: number | undefined): void;
  onResult(result: CheckResult): void;
}

/** @returns what ends it early */
export function startCheck(request: CheckRequest, { onProgress, onResult }: CheckHandlers): () => void {
  const worker = new Worker('check.js', { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<CheckMessage>) => {
    if (data.type === 'progress') onProgress(data.bytes, data.total);
    else {
      worker.terminate();
      onResult(data.result);
    }
  });
  worker.addEventListener('error', () => {
    worker.terminate();
    onResult({
      ...{ verdict: 'unchecked', notes: [], bytes: 0 },
      reasons: ['The check could not be loaded.'],
    });
  });
  worker.postMessage(request);
  return () => worker.terminate();
}
