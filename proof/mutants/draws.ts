import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;
const draw = (name: string) => `lambda/functions/draw/${name}.ts`;

/** Closing and making draws: blocks, rounds of the beacon, sheets, winners, the end of a run. */
export const draws: readonly Mutant[] = [
  {
    name: 'a draw is put whether there is one or not',
    file: adapter('dynamo-table'),
    from: '[{ item, condition: `attribute_not_exists(',
    to: '[{ item, condition: `attribute_not_exists(nothing) OR attribute_not_exists(',
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
    name: 'a draw outside its run is made',
    file: draw('close-draws'),
    from: "run.status !== 'ended' && hasWindow(run, open.windowStart)",
    to: "run.status !== 'ended' || open.windowStart > 0",
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
    name: 'what is missing is not looked for again',
    file: draw('draw-up-to'),
    from: 'const isMissing = waits.length + settled < due.length || due.length === 0;',
    to: 'const isMissing = false;\n  if (waits.length === 0) return;',
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
  // The name of an object finds what was changed, and so does the root: one is there for lists, the other for references that somebody made up.
  {
    name: 'a block is taken as it is, whatever its name and its root',
    file: adapter('content-bucket'),
    from: 'return nameOf(text) === name ? text : undefined;',
    to: 'return text;',
    also: {
      file: draw('blocks-of-draws'),
      from: 'return entriesTree(drawId, own).root === rootOf(ref) ? own : undefined;',
      to: 'return own;',
    },
  },
];
