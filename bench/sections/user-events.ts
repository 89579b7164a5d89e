import { fileURLToPath } from 'node:url';
import { bundleOf } from '../bundles.ts';
import type { BenchContext } from '../context.ts';
import { HostedFunction } from '../function/hosted.ts';
import { cpuPerClick, figureOf, inTurns, ratioOf } from '../measure.ts';
import type { Load, LoadResult } from '../payloads/load.ts';
import type { Usage } from '../stub/usage.ts';
import type { Row } from '../table.ts';
import { usageRows } from './usage-rows.ts';

const users = 10_000;

interface Contender {
  readonly kind: 'product' | 'baseline';
  readonly clicksPerUser: number;
  /** Of a round: slow ones get fewer. */
  readonly batches: number;
  readonly isTls?: true;
}

const contenders = {
  many: { kind: 'product', clicksPerUser: 1, batches: 5 },
  baselineMany: { kind: 'baseline', clicksPerUser: 1, batches: 1 },
  few: { kind: 'product', clicksPerUser: 10, batches: 10 },
  baselineFew: { kind: 'baseline', clicksPerUser: 10, batches: 5 },
  tls: { kind: 'product', clicksPerUser: 1, batches: 5, isTls: true },
} as const satisfies Record<string, Contender>;

type Name = keyof typeof contenders;

/** CPU time for a click in each round, µs, and what a load used, which is the same each time. */
interface Measured {
  readonly cpu: readonly number[];
  readonly clicks: number;
  readonly usage: Usage;
}

/** The deployed bundle and the baseline, each in a process of its own with a table of its own. They take turns. */
export async function userEvents(context: BenchContext): Promise<Row[]> {
  const { effort, stub } = context;
  const source = fileURLToPath(new URL('../baselines/batched.ts', import.meta.url));
  const baseline = bundleOf(source, context.directory);
  const names = (Object.keys(contenders) as Name[]).filter(
    (name) => name !== 'tls' || stub.tlsEndpoint !== undefined,
  );
  if (stub.tlsEndpoint === undefined) process.stderr.write('TLS: skipped. openssl made no certificate\n');
  const hosted = new Map<Name, HostedFunction>();
  const loadOf = (name: Name): Load => {
    const { clicksPerUser, batches } = contenders[name];
    return { batches: effort.of(batches), batchSize: effort.of(1_000, 50), users, clicksPerUser };
  };
  try {
    for (const name of names) hosted.set(name, await start(name, baseline, context));
    const turns = Object.fromEntries(
      [...hosted].map(([name, own]) => [name, () => own.run(loadOf(name))]),
    ) as Record<Name, () => Promise<LoadResult>>;
    const results = await inTurns(turns, { rounds: effort.of(15), warmUp: effort.of(6, 0) });
    const measured = new Map<Name, Measured>();
    for (const name of names) {
      await stub.takeUsage();
      const { clicks } = await turns[name]();
      measured.set(name, { cpu: cpuPerClick(results[name]), clicks, usage: await stub.takeUsage() });
    }
    return rowsOf(measured);
  } finally {
    for (const own of hosted.values()) own.stop();
  }
}

async function start(name: Name, baseline: string, context: BenchContext): Promise<HostedFunction> {
  const { kind, isTls }: Contender = contenders[name];
  const { stub, generator, userEvents: bundle } = context;
  const module = kind === 'product' ? bundle.path : baseline;
  const endpoint = (isTls && stub.tlsEndpoint) || stub.endpoint;
  const environment = await stub.usersTable(users, kind);
  return HostedFunction.start({ module, generator, endpoint, environment });
}

type Target = Pick<Row, 'atMost' | 'reason'>;

/** By profiles on an idle machine (docs/benchmarks.md, "What the targets meet"). */
const receipts =
  'An outcome with its receipt is 1.2 KB: as JSON, base64, hashed for the signature and written it takes some 6 µs, parsing the payload 1.7, the core 2.9';
const calls = '50 calls of 25 users or 100 keys, some 0.7 ms each with what is in them, are half of it';

function rowsOf(measured: ReadonlyMap<Name, Measured>): Row[] {
  const cpuOf = (name: Name) => measured.get(name)?.cpu ?? [];
  const cost = (title: string, name: Name, target: Target = {}): Row => {
    return { name: title, unit: 'µs CPU/click', figure: figureOf(cpuOf(name)), ...target };
  };
  const beside = (title: string, [left, right]: readonly [Name, Name], target: Target = {}): Row => {
    return { name: title, unit: '×', figure: ratioOf(cpuOf(left), cpuOf(right)), ...target };
  };
  const usage = (name: Name): Row[] => {
    const own = measured.get(name);
    return own === undefined ? [] : usageRows(own.usage, own.clicks);
  };
  const tls = [cost('  the same over TLS', 'tls'), beside('  TLS beside none', ['tls', 'many'])];
  return [
    cost('user-events, every click another user', 'many', { atMost: 40, reason: calls }),
    beside('  beside the baseline', ['many', 'baselineMany'], { atMost: 0.14, reason: calls }),
    ...(measured.has('tls') ? tls : []),
    ...usage('many'),
    cost('user-events, 10 clicks per user and batch', 'few', { atMost: 13, reason: receipts }),
    beside('  beside the baseline', ['few', 'baselineFew'], {
      atMost: 0.3,
      reason: 'The baseline has no receipts, which make an outcome three times as large',
    }),
    ...usage('few'),
    cost('baseline, every click another user', 'baselineMany'),
    ...usage('baselineMany'),
    cost('baseline, 10 clicks per user and batch', 'baselineFew'),
    ...usage('baselineFew'),
  ];
}
