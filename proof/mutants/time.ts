import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;
const draw = (name: string) => `lambda/functions/draw/${name}.ts`;

/** Which window a click is in, when it is complete, and the ticks and open draws that wait for it. */
export const time: readonly Mutant[] = [
  {
    name: 'the watermark is stored before the batch is published',
    file: 'lambda/functions/user-events/process.ts',
    from: '  const runOf = await runsOf(settled, dependencies);\n',
    to: `  await watermarks.advance(doneOf(records, firstFailedOf([...result.failed, ...result.putOff])), batch.heartbeats.length > 0);
  const runOf = await runsOf(settled, dependencies);\n`,
  },
  {
    name: 'the watermark of starts and stops is stored before they are',
    file: 'lambda/functions/lottery-events/process.ts',
    from: '  const result = await applyBatch(batch, dependencies);\n',
    to: `  await watermarks.advance(batch.records, batch.heartbeats.length > 0);
  const result = await applyBatch(batch, dependencies);\n`,
  },
  {
    name: 'the watermark passes what failed',
    file: 'lambda/functions/user-events/process.ts',
    from: 'const done = doneOf(records, firstFailed);',
    to: 'const done = doneOf(records, []);',
  },
  {
    name: 'shards without a watermark are passed over',
    file: 'lambda/functions/ticks/completeness.ts',
    from: 'const watermark = Math.min(...marks);',
    to: 'const watermark = Math.min(...marks.filter((mark) => mark > 0));',
  },
  {
    name: "a child's clock does not begin where its parents' ended",
    file: 'lambda/functions/user-events/replay-clock.ts',
    from: 'Math.max(0, ...clocks)',
    to: 'Math.max(0, clocks.length * 0)',
  },
  {
    name: 'a window is complete once the first shard is past it',
    file: 'lambda/functions/ticks/completeness.ts',
    from: 'const watermark = Math.min(...marks);',
    to: 'const watermark = Math.max(...marks);',
  },
  {
    name: 'starts and stops are not waited for',
    file: 'lambda/functions/ticks/completeness.ts',
    from: 'const open = isReplay ? all.filter',
    to: 'const open = !isReplay ? all.filter',
  },
  {
    name: 'a tick comes at its time, whether its window is complete or not',
    file: 'lambda/functions/ticks/process.ts',
    from: 'message.dueAt <= reached',
    to: 'message.dueAt <= Math.max(reached, now())',
  },
  {
    name: 'idle shards get no heartbeat',
    file: 'lambda/functions/ticks/completeness.ts',
    from: 'if (givesHeartbeat && behind.length > 0)',
    to: 'if (givesHeartbeat && behind.length < 0)',
  },
  {
    name: 'a tick that is put off is forgotten',
    file: 'lambda/functions/ticks/process.ts',
    from: '    incomplete.map((each) => putOff(each, dependencies)),',
    to: '    incomplete.slice(0, 0).map((each) => putOff(each, dependencies)),',
  },
  {
    name: 'open draws are forgotten at the end of a window',
    file: draw('process'),
    from: '  await keep(open, dependencies);\n',
    to: '',
  },
  {
    name: 'open draws of the table are not read at a tick',
    file: draw('draw-up-to'),
    from: 'const kept = await unlessMissing(tick, dependencies, () => openDraws.open(tick));',
    to: 'const kept: OpenDraws | undefined = {};',
  },
  {
    name: 'what a run has open is replaced, and not added to',
    file: draw('process'),
    from: '(known) => unionOf(known, own)',
    to: '() => own',
  },
  {
    name: 'a draw asks for no tick',
    file: draw('process'),
    from: '  await ticks.send(draws.map((draw) => tickMessage(draw, draw.dueAt, { isReplay, now: now() })));\n',
    to: '',
  },
  {
    name: 'a run is drawn beyond its tick',
    file: draw('draw-up-to'),
    from: 'windowStart <= tick.windowStart',
    to: 'windowStart <= tick.windowStart + 2_000',
  },
  {
    name: 'a click counts in the window of its timestamp, however late it comes',
    file: core('window'),
    from: 'own - graceMs <= arrival && arrival <= own + windowMs + graceMs',
    to: 'own - graceMs <= arrival && arrival <= own + windowMs + graceMs + 3_600_000',
  },
  {
    name: 'a click may take a window that is to come',
    file: core('window'),
    from: 'own - graceMs <= arrival && arrival <= own + windowMs + graceMs',
    to: 'own - graceMs - 3_600_000 <= arrival && arrival <= own + windowMs + graceMs',
  },
  {
    name: 'a stop asks for no tick',
    file: 'lambda/functions/lottery-events/process.ts',
    from: '  if (messages.length > 0) await ticks.send(messages);\n',
    to: '',
  },
  {
    name: 'a draw does not wait for stamps that step back',
    file: core('block'),
    from: 'graceMs + 1 + (replay ? 0 : marginMs)',
    to: 'graceMs + 1 + (replay ? 0 : marginMs * 0)',
  },
  {
    name: 'a watermark goes back',
    file: adapter('watermarks-table'),
    from: "ConditionExpression: 'attribute_not_exists(#position) OR #position < :position'",
    to: "ConditionExpression: 'attribute_not_exists(#position) OR #position < :position OR #position >= :position'",
  },
];
