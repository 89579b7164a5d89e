import type { Channel } from '../../client/expectations.ts';
import { recordOf } from '../oracle/aggregates.ts';
import type { Evidence } from './evidence.ts';

/** `archive/<stream>/<day>/<shard>/<first>-<last>.jsonl.gz` */
const key = /^archive\/(user|lottery)\/(\d{4}-\d\d-\d\d)\/([\w.-]+)\/(\d+)-(\d+)\.jsonl\.gz$/;
/** `{"recordId":"…","arrival":…,"event":` or `"raw":"` before what was on the stream, and `}` or `"}` behind it. */
const line = /^\{"recordId":"([\w:.-]+)","arrival":(\d+),"(?:event":(.*)|raw":"([\w+/=]*)")\}$/s;

/** Each record of the output streams is in the archive as it was, and each object is what its name says. */
export function archiveHoldsTheOutputs({
  emitted,
  archive,
}: Pick<Evidence, 'emitted' | 'archive'>): string[] {
  const wrong: string[] = [];
  const archived: Record<Channel, Map<string, string>> = { lottery: new Map(), user: new Map() };
  for (const [name, text] of archive) {
    const [, stream, day = '', shardId, first, last] = key.exec(name) ?? [];
    const lines = text.split('\n');
    if (lines.pop() !== '') wrong.push(`${name} has a last line without an end`);
    const records = lines.map((each) => line.exec(each));
    const ids = records.map((record) => record?.[1]);
    const arrival = Number(records[0]?.[2]);
    const isNamed =
      recordOf(ids[0] ?? '') === `${shardId}:${first}` &&
      recordOf(ids.at(-1) ?? '') === `${shardId}:${last}` &&
      Date.parse(day) <= arrival &&
      arrival < Date.parse(day) + 86_400_000;
    if (!isNamed) wrong.push(`${name} is not of the records that it has`);
    const channel: Channel = stream === 'user' ? 'user' : 'lottery';
    for (const [, id = '', , event, raw = ''] of records.flatMap((record) => (record ? [record] : []))) {
      archived[channel].set(id, event ?? Buffer.from(raw, 'base64').toString('utf8'));
    }
  }
  for (const channel of ['lottery', 'user'] as const) {
    for (const [id, text] of emitted[channel]) {
      const kept = archived[channel].get(id);
      if (kept === undefined) wrong.push(`${channel} output ${id} is not in the archive`);
      else if (kept !== text) wrong.push(`${channel} output ${id} is another one in the archive`);
    }
  }
  return wrong;
}
