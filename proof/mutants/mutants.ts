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
    name: 'outcomes of events that come again are not kept',
    file: core('cursor'),
    from: '  shard.kept.push({ sequenceNumber, outcome });\n',
    to: '',
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
    name: 'users that failed are not delivered again',
    file: 'lambda/functions/user-events/process.ts',
    from: 'return batchResponse([...result.failed, ...withheld]);',
    to: 'return batchResponse(withheld);',
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
    name: 'refunds are read eventually',
    file: adapter('draws-table'),
    from: `drawIds.map((drawId) => ({ drawId })),\n      true,`,
    to: `drawIds.map((drawId) => ({ drawId })),\n      false,`,
  },
  {
    name: 'a draw is put whether there is one or not',
    file: adapter('dynamo-table'),
    from: '[{ item, condition: `attribute_not_exists(',
    to: '[{ item, condition: `attribute_not_exists(nothing) OR attribute_not_exists(',
  },
  {
    name: 'a winner that is stored is announced by whoever stored it only',
    file: draw('make-draws'),
    from: 'all.map(({ stored }) => ({ partitionKey: stored.lotteryId',
    to: 'all.filter(({ isNew }) => isNew).map(({ stored }) => ({ partitionKey: stored.lotteryId',
  },
  {
    name: 'a winner is announced as it was found, not as it is stored',
    file: draw('make-draws'),
    from: 'all.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),',
    to: `all.map(({ open, run }) => drawFrom(open, run, settings.windowMs)).map((stored) =>
      ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),`,
  },
  {
    name: 'open draws are not carried over a window',
    file: draw('process'),
    from: '  await carryOver(ended, dependencies.entries);\n',
    to: '',
  },
  {
    name: 'a draw does not wait for its grace',
    file: core('draw-state'),
    from: 'draw.since) + timing.graceMs;',
    to: 'draw.since) - timing.windowMs;',
  },
  {
    name: 'the highest priority wins',
    file: core('partial-draw'),
    from: 'return right.priority < left.priority ? right : left;',
    to: 'return right.priority > left.priority ? right : left;',
  },
  {
    name: 'a late entry is forgotten',
    file: draw('process'),
    from: 'await settleLateEntries(made, clock, dependencies)',
    to: 'await settleLateEntries([], clock, dependencies)',
  },
  {
    name: 'late entries that are stored are not published again',
    file: draw('late-entries'),
    from: 'const settled = [...known, ...(await settleNew(made, clock, dependencies))];',
    to: 'const settled = known.length < 0 ? known : await settleNew(made, clock, dependencies);',
  },
  {
    name: 'a late entry goes where it was settled last, not where it is stored',
    file: draw('late-entries'),
    from: 'return { late: late.stored, run };',
    to: 'return { late: settleLate(entry, stored, now, clock, settings.windowMs), run };',
  },
  {
    name: 'a moved entry is announced, and in no draw',
    file: draw('late-entries'),
    from: `  await entries.publish(
    moved.map(`,
    to: `  await Promise.all(
    moved.map(`,
  },
  {
    name: 'a refund is not asked for',
    file: draw('late-entries'),
    from: '  await publishRefunds(settled, dependencies);\n',
    to: '',
  },
  {
    name: 'an ending does not wait for its draws',
    file: core('draw-state'),
    from: 'if (dueAt <= clock && !open.has(key)) due.push(ending);',
    to: 'if (dueAt <= clock || !open.has(key)) due.push(ending);',
  },
  {
    name: 'an ending ends whatever run there is',
    file: adapter('lotteries-table'),
    from: `'#current.#run = :run AND #current.#status <> :ended'`,
    to: `'#current.#run >= :run AND #current.#status <> :ended'`,
  },
  {
    name: 'a seed is revealed while its run takes clicks',
    file: draw('endings'),
    from: '  await mapBounded(writesInFlight, ended, (run) => lotteries.end(run));\n',
    to: '',
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
    from: `return [acceptedCode, availableCoupons, outcome.run];`,
    to: `return [acceptedCode, availableCoupons + 1, outcome.run];`,
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
    from: 'if (Object.hasOwn(user.refunds, fingerprint(event.entryId)))',
    to: 'if (Object.hasOwn(user.refunds, event.entryId))',
  },
  {
    name: 'a click without a coupon is accepted',
    file: core('user'),
    from: 'if (coupons < 1) return',
    to: 'if (coupons < 0) return',
  },
  {
    name: 'a click counts in the window of its timestamp, however late it comes',
    file: core('window'),
    from: 'const isOver = toleranceMs !== undefined && arrival > own + windowMs + graceMs;',
    to: 'const isOver = toleranceMs !== undefined && arrival > own + windowMs + graceMs + 3_600_000;',
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
    name: 'a stop brings no ending',
    file: 'lambda/functions/lottery-events/process.ts',
    from: `if (outcome.kind !== 'stopped') return [];`,
    to: `if (outcome.kind !== 'stopped' || sourced !== undefined) return [];`,
  },
  {
    name: 'redriving leaves what was never applied',
    file: 'client/redrive/events-plan.ts',
    from: "return mayHaveBeenPassed ? 'undecided' : 'unapplied';",
    to: "return 'undecided';",
  },
];
