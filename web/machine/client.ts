/** Asks the API of a local run. */
import type { PipelineState, PlayAnswer, Problem } from './types.ts';

/** @throws Error in a line */
export async function putEvent(event: object): Promise<PlayAnswer> {
  const response = await fetch('/local/events', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  return await answerOf<PlayAnswer>(response);
}

/** @throws Error in a line */
export async function readPipeline(): Promise<PipelineState> {
  return await answerOf<PipelineState>(await fetch('/local/pipeline', { cache: 'no-store' }));
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer | Problem;
  if (!response.ok) throw new Error((body as Problem).message);
  return body as Answer;
}
