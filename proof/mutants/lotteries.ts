import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;

/** Runs of lotteries: one at a time, each with its seed, and what is remembered of them. */
export const lotteries: readonly Mutant[] = [
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
    name: 'a stopped run takes no clicks of its last window',
    file: core('lottery'),
    from: "return run.status !== 'ended' && hasWindow",
    to: "return run.status === 'active' && hasWindow",
  },
  {
    name: 'a run is remembered beyond its last window',
    file: adapter('cached-lotteries'),
    from: 'lastWindowStart === undefined ? Number.POSITIVE_INFINITY : lastWindowStart + windowMs',
    to: 'lastWindowStart === windowMs ? lastWindowStart : Number.POSITIVE_INFINITY',
  },
];
