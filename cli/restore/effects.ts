import { type Found, keptSince } from './plan.ts';
import { atSecond, type RestoreSource } from './source.ts';

/** What a restore does to cursors, streams and what was announced, for who has to decide. */
export function describeEffects(found: Found, source: RestoreSource): string[] {
  return source.kind === 'imported' ? effectsOfImport(source.at) : effectsOfRestore(found, source.at);
}

function effectsOfImport(at: Date): string[] {
  return [
    '',
    'What it means:',
    `- What was applied after ${atSecond(at)} is lost: the streams that held it are gone.`,
    '- Cursors and watermarks are left out: they speak of shards of those streams, and a new stream has shards of the',
    '  same names.',
    '  Where the old streams are still there, and are read, everything that they hold would be applied once more.',
    '- Coupons of entries whose draw was not made are spent. Lotteries that run go on; those with prizes have to be',
    '  stopped, since the tick that would have ended them was in the queue.',
  ];
}

function effectsOfRestore(found: Found, at: Date): string[] {
  const then = atSecond(at);
  return [
    '',
    'What it means:',
    `- The tables forget what was applied since ${then}: purchases, clicks, refunds, starts, stops, endings, draws.`,
    '- They forget grants, too, and the streams do not have them: GRANT_UNKNOWN is what becomes of their events when they come',
    '  again. Give them once more with their ids: the CouponsGrantedEvents that were published have all of it.',
    '- The positions of the mappings are not in the tables, and lie after it. Enabled as they are, they pass over all',
    '  that came in between, for good. Leave them disabled, and make them anew from a time before it: docs/runbook.md,',
    '  "Replay from a timestamp". Cursors then leave out what the tables have and the rest is applied; draws wait for it,',
    '  as the watermarks are of that time, too.',
    ...kept(found, at),
    '- What was published since then stays published, is published again, and may differ. Purchases come out the same.',
    '  A draw of a lottery that ran at that time has the seed it had, and so the same winner if the same entries come',
    '  again. Clicks on lotteries that were started, stopped or ended since may be decided otherwise. A lottery that was',
    '  started since gets another seed: what was announced of it is void, and it is best stopped.',
    ...undo(found),
  ];
}

function kept(found: Found, at: Date): string[] {
  const since = keptSince(found);
  if (at >= since) {
    return [`- The streams keep records for ${found.retentionHours} hours: they have all of it still.`];
  }
  return [
    `- The streams keep records for ${found.retentionHours} hours. What came before ${atSecond(since)} is gone from them:`,
    `  purchases and clicks from ${atSecond(at)} until then are lost.`,
  ];
}

function undo({ tables, now }: Found): string[] {
  return tables.every(({ recovery }) => recovery !== undefined)
    ? [`- What the tables hold now can be had back: --to ${atSecond(now)}`]
    : ['- What the tables hold now cannot be had back: not all of them have point-in-time recovery.'];
}
