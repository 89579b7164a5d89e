/** A small change of the code that must not go unnoticed: a text that is in the file once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;
const draw = (name: string) => `lambda/functions/draw/${name}.ts`;

/** What each rule of the protocol is for: without it, some run goes wrong. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a user is written whatever its version',
    file: adapter('users-table'),
    from: ' AND "version"=?`,\n    parameters: [...values, key, toAttribute(state.version)],',
    to: '`,\n    parameters: [...values, key],',
  },
  {
    name: 'a rejection is not stored',
    file: core('decider'),
    from: 'const changed = resumed.applied > 0;',
    to: 'const changed = state !== before;',
  },
  {
    name: 'an event at the cursor is applied again',
    file: core('cursor'),
    from: 'compareSequenceNumbers(record.source.sequenceNumber, position) <= 0',
    to: 'compareSequenceNumbers(record.source.sequenceNumber, position) < 0',
  },
  {
    name: 'cursors of other shards are dropped',
    file: core('cursor'),
    from: 'const advanced = { ...cursors };',
    to: 'const advanced: Record<string, Cursor> = {};',
  },
  {
    name: 'a conflict counts as written',
    file: 'lambda/batch/keyed-batch.ts',
    from: `else if (result?.kind === 'conflict') pending.push(decided.key);`,
    to: `else if (result?.kind === 'conflict') applied.push(decided);`,
  },
  {
    name: 'what was decided is published before it is written',
    file: 'lambda/batch/keyed-batch.ts',
    from: `else if (result?.kind === 'conflict') pending.push(decided.key);`,
    to: `else if (result?.kind === 'conflict') applied.push(decided), pending.push(decided.key);`,
  },
  {
    name: 'the outcomes of what was not written are published',
    file: 'lambda/batch/keyed-batch.ts',
    from: 'else failed.push({ ...decided, error: result?.error });',
    to: 'else applied.push(decided), failed.push({ ...decided, error: result?.error });',
  },
  {
    name: 'outcomes of an unchanged user are not published again',
    file: 'lambda/batch/keyed-batch.ts',
    from: 'applied.push(...decisions.filter(({ decision }) => !decision.changed));',
    to: '',
  },
  {
    name: 'records that a stream refused are not put again',
    file: adapter('kinesis-publisher'),
    from: 'return remaining.filter((_, index) => isFailure(results[index]));',
    to: 'return [];',
  },
  {
    name: 'keys that were not processed are not read again',
    file: adapter('dynamo-table'),
    from: 'return UnprocessedKeys?.[this.#name]?.Keys ?? [];',
    to: 'return UnprocessedKeys === undefined ? [] : [];',
  },
  {
    name: 'statements that were throttled count as written',
    file: adapter('statement-writer'),
    from: `      attempt.result = response === undefined ? unanswered : resultOf(response.Error);
      return response === undefined || isTransient(response.Error);`,
    to: `      attempt.result = isTransient(response?.Error) ? { kind: 'written' } : resultOf(response?.Error);
      return false;`,
  },
  {
    name: 'a lottery is read eventually before its click is decided',
    file: adapter('lotteries-table'),
    from: 'await this.#table.getAll([...keys], true)',
    to: 'await this.#table.getAll([...keys], false)',
  },
  {
    name: 'an active lottery is remembered for ten seconds',
    file: adapter('cached-lotteries'),
    from: 'const lifetimeMs = 1000;',
    to: 'const lifetimeMs = 10_000;',
  },
  {
    name: 'a draw is put whether there is one or not',
    file: adapter('dynamo-table'),
    from: '[{ item, condition: `attribute_not_exists(',
    to: '[{ item, condition: `attribute_not_exists(nothing) OR attribute_not_exists(',
  },
  {
    name: 'an ending ends whatever run there is',
    file: adapter('lotteries-table'),
    from: `'#current.#run = :run AND #current.#status <> :ended'`,
    to: `'#current.#run >= :run AND #current.#status <> :ended'`,
  },
  {
    name: 'a run that is replaced is not put away',
    file: adapter('lotteries-table'),
    from: '        await this.#putAwayReplacedRun(write);\n',
    to: '',
  },
  {
    name: 'an entry of a click that comes again is not published again',
    file: 'lambda/functions/user-events/process.ts',
    from: 'const settled = settledOf(result);',
    to: 'const settled = settledOf({ ...result, applied: result.applied.filter(({ decision }) => decision.changed) });',
  },
  {
    name: 'a stored outcome has another balance than was published',
    file: core('user-outcome'),
    from: '? [acceptedCode, availableCoupons, outcome.run]',
    to: '? [acceptedCode, availableCoupons + 1, outcome.run]',
  },
  {
    name: 'event ids are not remembered',
    file: core('user'),
    from: 'eventId !== undefined && recentIds.includes(fingerprint(eventId))',
    to: 'eventId !== undefined && recentIds.includes(eventId)',
  },
  {
    name: 'a refund is granted to whoever asks',
    file: core('user'),
    from: 'granted?.userId === event.userId && granted.lotteryId === event.lotteryId',
    to: 'granted !== undefined',
  },
  {
    name: 'a refund is granted as often as it comes',
    file: core('user'),
    from: 'granted.isTaken || isAmong(',
    to: 'granted.isTaken && isAmong(',
  },
  {
    name: 'a grant is given to whoever names it',
    file: core('user'),
    from: "if (known?.userId !== userId) return rejected('GRANT_UNKNOWN');",
    to: "if (known === undefined) return rejected('GRANT_UNKNOWN');",
  },
  {
    name: 'a grant is given without its item',
    file: core('user'),
    from: 'const known = context.grant(grantId);',
    to: 'const known = context.grant(grantId) ?? { userId, coupons: 1, isTaken: false };',
  },
  {
    name: 'a grant is given as often as it comes',
    file: core('user'),
    from: 'known.isTaken || user.grants.includes(grantId)',
    to: 'known.isTaken && user.grants.includes(grantId)',
  },
  {
    name: 'a click without a coupon is accepted',
    file: core('user'),
    from: 'if (coupons < 1) return',
    to: 'if (coupons < 0) return',
  },
  {
    name: 'a started lottery can be started',
    file: core('lottery'),
    from: `if (run && run.status !== 'ended') return rejected('LOTTERY_ALREADY_STARTED');`,
    to: `if (run && run.status === 'active') return rejected('LOTTERY_ALREADY_STARTED');`,
  },
  {
    name: 'a run is stored without its seed',
    file: 'lambda/functions/lottery-events/process.ts',
    from: 'await seeds.keep(writes.flatMap(',
    to: 'await seeds.keep([].flatMap(',
  },
  {
    name: 'outcomes of events that come again are not kept',
    file: core('cursor'),
    from: '  keep(shard, sequenceNumber, outcome);\n  return codec.decode(outcome);',
    to: '  return codec.decode(outcome);',
  },
  {
    name: 'users that failed are not delivered again',
    file: 'lambda/functions/user-events/process.ts',
    from: 'return batchResponse(left);',
    to: 'return batchResponse(result.putOff);',
  },
  {
    name: 'refunds are read eventually',
    file: adapter('refunds-table'),
    from: `ids.map((refundId) => ({ refundId })),\n      true,`,
    to: `ids.map((refundId) => ({ refundId })),\n      false,`,
  },
  {
    name: 'a winner that is stored is announced by whoever stored it only',
    file: draw('make-draws'),
    from: 'made.map(({ stored }) => ({ partitionKey',
    to: 'made.filter(({ isNew }) => isNew).map(({ stored }) => ({ partitionKey',
  },
  {
    name: 'a winner is announced as it was found, not as it is stored',
    file: draw('make-draws'),
    from: 'made: { open, ...(await draws.putDrawIfAbsent({ ...drawn, sheet })) }',
    to: 'made: { open, ...(await draws.putDrawIfAbsent({ ...drawn, sheet })), stored: { ...drawn, sheet } }',
  },
  {
    name: 'the watermark is stored before the batch is published',
    file: 'lambda/functions/user-events/process.ts',
    from: '  const runOf = await runsOf(settled, dependencies);\n',
    to: `  await watermarks.advance(doneOf(batch, firstFailedOf([...result.failed, ...result.putOff])), batch.heartbeats.length > 0);
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
    from: 'const done = doneOf(batch, firstFailedOf(left));',
    to: 'const done = doneOf(batch, undefined);',
  },
  {
    name: 'shards without a watermark are passed over',
    file: 'lambda/functions/ticks/completeness.ts',
    from: 'const watermark = Math.min(...marks);',
    to: 'const watermark = Math.min(...marks.filter((mark) => mark > 0));',
  },
  {
    name: 'a draw outside its run is refunded, though it was made',
    file: draw('refunds'),
    from: 'stored: await dependencies.draws.drawOf(drawId),',
    to: 'stored: drawId === "" ? await dependencies.draws.drawOf(drawId) : undefined,',
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
    to: 'const kept: OpenDraws = {};',
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
    name: 'the highest priority wins',
    file: core('sheet'),
    from: 'bytes < this.#best.bytes',
    to: 'bytes > this.#best.bytes',
  },
  {
    name: 'an entry counts as often as it is in a block',
    file: core('sheet'),
    from: 'this.#priorities.add(bytes);',
    to: "this.#priorities.add(bytes + (this.#priorities.has(bytes) ? '0' : ''));",
  },
  {
    name: 'what came after its draw is forgotten',
    file: draw('settle'),
    from: '...(await refundLate(run, made, dependencies)),',
    to: '...made.map(({ open }) => open),',
  },
  {
    name: 'all of a block that came after its draw is refunded',
    file: draw('refunds'),
    from: 'missed.delete(entryId);',
    to: "missed.delete('');",
  },
  {
    name: 'a draw outside its run is made',
    file: draw('close-draws'),
    from: "run.status !== 'ended' && hasWindow(run, open.windowStart)",
    to: "run.status !== 'ended' || open.windowStart > 0",
  },
  {
    name: 'a refund that is taken is forgotten before its table says so',
    file: 'lambda/functions/user-events/proven-users.ts',
    from: '    if (given.length > 0) await this.#table.take(given);\n',
    to: '',
  },
  {
    name: 'refunds are read before their users',
    file: 'lambda/functions/user-events/proven-users.ts',
    from: '    const users = await this.#users.load(userIds, options);\n',
    to: `    const early = await this.#table.granted(this.#askedOf(userIds));
    const users = await this.#users.load(userIds, options);
    for (const [id, proof] of early) this.#granted.set(id, proof);
    if (early.size > 0) return users;\n`,
  },
  {
    name: 'a refund is not asked for',
    file: draw('refunds'),
    from: '    stored.map((each) => ({ partitionKey',
    to: '    stored.slice(stored.length).map((each) => ({ partitionKey',
  },
  {
    name: 'a refund is asked for by whoever stored it only',
    file: draw('refunds'),
    from: '    stored.map((each) => ({ partitionKey',
    to: '    stored.slice(0, isNew).map((each) => ({ partitionKey',
  },
  {
    name: 'a run ends before its last window is drawn',
    file: draw('draw-up-to'),
    from: 'tick.windowStart >= lastWindowStart',
    to: 'tick.windowStart >= lastWindowStart - 2_000',
  },
  {
    name: 'a seed is revealed while its run takes clicks',
    file: draw('end-run'),
    from: '  await lotteries.end(run);\n',
    to: '',
  },
  {
    name: 'a stopped run takes no clicks of its last window',
    file: core('lottery'),
    from: "return run.status !== 'ended' && hasWindow",
    to: "return run.status === 'active' && hasWindow",
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
    name: 'a click may be from before the start',
    file: core('user'),
    from: 'if (isEarly || windowStart > latestTime',
    to: 'if (windowStart > latestTime',
  },
  {
    name: "a click's window is not stored",
    file: core('user-outcome'),
    from: 'return outcome.windowStart === undefined',
    to: 'return outcome.windowStart !== 0',
  },
  {
    name: 'a stop asks for no tick',
    file: 'lambda/functions/lottery-events/process.ts',
    from: '  if (messages.length > 0) await ticks.send(messages);\n',
    to: '',
  },
  {
    name: 'a child shard is read before its parents are drained',
    file: 'local/event-source-mapping/kinesis/lineage.ts',
    from: 'parents.every((parent) => !listed.has(parent) || isFinished(parent))',
    to: 'parents.length >= 0',
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
  {
    name: 'a run is remembered beyond its last window',
    file: adapter('cached-lotteries'),
    from: 'lastWindowStart === undefined ? Number.POSITIVE_INFINITY : lastWindowStart + windowMs',
    to: 'lastWindowStart === windowMs ? lastWindowStart : Number.POSITIVE_INFINITY',
  },
  {
    name: 'what is missing is not looked for again',
    file: draw('draw-up-to'),
    from: 'const isMissing = waits.length + settled < due.length || due.length === 0;',
    to: 'const isMissing = false;\n  if (waits.length === 0) return;',
  },
  {
    name: 'a grandchild shard is read before the parent of its empty parent is drained',
    file: 'local/event-source-mapping/kinesis/stream-poller.ts',
    from: "import { listShards, type ShardLink } from '../../shards.ts';\n",
    to: `import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { ShardLink } from '../../shards.ts';
const listShards = async (client: KinesisClient, StreamName: string, _: AbortSignal): Promise<ShardLink[]> => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const isEmpty = (id?: string) =>
    Shards.some(({ ShardId, SequenceNumberRange: { StartingSequenceNumber: first, EndingSequenceNumber: last } = {} }) =>
      ShardId === id && BigInt(last ?? -1) - BigInt(first ?? 0) === 1n);
  return Shards.map(({ ShardId = '', ParentShardId, AdjacentParentShardId }) => ({
    shardId: ShardId,
    parents: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined && !isEmpty(id)),
  }));
};
`,
  },
  {
    name: 'redriving leaves what was never applied',
    file: 'client/redrive/events-plan.ts',
    from: "return mayHaveBeenPassed ? 'undecided' : 'unapplied';",
    to: "return 'undecided';",
  },
  {
    name: 'a draw that is closed late has the round of its window',
    file: core('closed-draw'),
    from: 'roundOf(chain, windowOverAt, closedAt)',
    to: 'roundOf(chain, windowEnd + graceMs, 0)',
  },
  {
    name: 'a draw that is closed again has another round',
    file: adapter('closed-draws'),
    from: 'return isNew ? draw : this.#fromItem(draw.drawId, stored);',
    to: 'return isNew || stored !== undefined ? draw : this.#fromItem(draw.drawId, stored);',
  },
  {
    name: "a mirror's signature is taken as it comes",
    file: adapter('drand-beacon'),
    from: 'if (!this.#dependencies.verify(chain, round, answer.signature)) {',
    to: 'if (answer.signature === undefined) {',
  },
  {
    name: 'a sheet is put after its draw',
    file: draw('make-draws'),
    from: `  const sheet = await sheets.put([sheetHead(closed, drawn), ...tally.lines]);
  return { made: { open, ...(await draws.putDrawIfAbsent({ ...drawn, sheet })) } };`,
    to: `  const lines = [sheetHead(closed, drawn), ...tally.lines];
  const sheet = process.getBuiltinModule('node:crypto').hash('sha256', Buffer.concat(lines));
  const made = await draws.putDrawIfAbsent({ ...drawn, sheet });
  await sheets.put(lines);
  return { made: { open, ...made } };`,
  },
  {
    name: 'a draw is marked as closed before that is published',
    file: draw('close-draws'),
    from: `  await lotteryOutputs.publish(
    stored.map((draw) =>`,
    to: `  const rounds = new Map(stored.map(({ drawId, beacon }) => [drawId, beacon?.round ?? 0]));
  await dependencies.openDraws.change(run, (all) =>
    Object.fromEntries(
      Object.entries(all).map(([drawId, one]) => [drawId, { ...one, round: rounds.get(drawId) ?? one.round }]),
    ),
  );
  await lotteryOutputs.publish(
    stored.map((draw) =>`,
  },
  {
    name: 'what comes between close and draw is drawn',
    file: draw('make-draws'),
    from: 'await eachBlock(drawId, closed.blocks, dependencies,',
    to: 'await eachBlock(drawId, [...new Set([...closed.blocks, ...open.blocks])], dependencies,',
  },
];
