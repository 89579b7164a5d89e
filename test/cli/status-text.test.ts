import { expect, it } from 'vitest';
import { pipelineText } from '../../cli/status-text.ts';
import type { PipelineNow } from '../../client/status/status.ts';

const now = 1_000_000;

function textOf(behindMs: number, waiting: number, state: string): string {
  const pipeline: PipelineNow = {
    shards: [{ shard: 'user/in-0', watermark: now - behindMs, behindMs }],
    mappings: [{ functionName: 'user-events', uuid: 'id', source: 'in', state }],
    queue: { visible: waiting, inFlight: 0, delayed: 0 },
  };
  return pipelineText(pipeline, now);
}

it.each([
  ['nobody has asked for ten minutes', 600_000, 0, 'Enabled', true],
  ['a window has just gone by', 12_000, 0, 'Enabled', false],
  ['a draw waits', 600_000, 1, 'Enabled', false],
  ['a function is paused', 600_000, 0, 'Disabled', false],
  ['nothing is behind', 0, 0, 'Enabled', false],
])('says that what is behind may be done where %s: %s', (_, behindMs, waiting, state, is) => {
  expect(textOf(behindMs, waiting, state).includes('may be done')).toBe(is);
});
