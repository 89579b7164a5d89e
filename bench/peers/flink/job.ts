import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type Ended, run } from './build.ts';
import { countOf, lotteryEvents } from './events.ts';
import { codes, type Draw, type Expected } from './expected.ts';
import type { Streams } from './streams.ts';

/** Where the state of users is. */
export type State = 'hashmap' | 'rocksdb';

/** What the job printed (Main.java). CPU and wall times in ns. */
const reportSchema = z.object({
  cpuNs: z.number(),
  heapAfterGc: z.number(),
  peakRssKb: z.number(),
  checkpoints: z.number(),
  counts: z.array(z.number()),
  digest: z.number(),
  marks: z.array(z.tuple([z.number(), z.number(), z.number()])),
  draws: z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.string(), z.number()]),
  ),
});
export type Report = z.infer<typeof reportSchema>;

/** As Flink's own configuration opens Java's modules to it. */
const opened = [
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  ...['lang', 'net', 'io', 'nio', 'util'].map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
];

/**
 * Runs the job once in a process of its own.
 * @param directory for its checkpoints, which are removed
 * @throws Error when it fails, or when what came out is not what must
 */
export async function runJob(
  classpath: string,
  directory: string,
  { shape, lotteryShard, userShards, expected }: Streams,
  state: State,
): Promise<Report> {
  const checkpoints = join(directory, 'state');
  await mkdir(checkpoints, { recursive: true });
  try {
    const what = [checkpoints, state, String(countOf(shape) + lotteryEvents(shape).length)];
    const java = [...opened, '-Xmx1g', '-cp', classpath, 'lottery.Main'];
    const report = reportOf(await run('java', [...java, ...what, lotteryShard, ...userShards]));
    const difference = differenceOf(report, expected);
    if (difference !== undefined) throw new Error(`The Flink job computes something else: ${difference}`);
    return report;
  } finally {
    await rm(checkpoints, { recursive: true, force: true });
  }
}

/** @throws Error when it failed, or printed something else */
export function reportOf({ code, stdout, stderr }: Ended): Report {
  if (code !== 0) throw new Error(`The Flink job ended with code ${code}: ${stderr.slice(0, 4_000)}`);
  return z.parse(reportSchema, JSON.parse(stdout));
}

/** @returns in words; undefined where there is none */
export function differenceOf({ counts, digest, draws }: Report, expected: Expected): string | undefined {
  for (const [index, code] of codes.entries()) {
    const [is, must] = [counts[index], expected.counts[index]];
    if (is !== must) return `${is} events ${code}, not ${must}`;
  }
  if (digest !== expected.digest) return 'outcomes or balances differ, though not their numbers';
  const is = textsOf(draws);
  const must = textsOf(expected.draws.map(columnsOf));
  for (const [id, text] of must) if (is.get(id) !== text) return `draw ${id} is ${is.get(id)}, not ${text}`;
  return is.size === must.size ? undefined : `${is.size} draws, not ${must.size}`;
}

function columnsOf(draw: Draw): Report['draws'][number] {
  const {
    lotteryId,
    run: number,
    windowStart,
    entries,
    winningPosition,
    winningUserId,
    prize,
    digest,
  } = draw;
  return [lotteryId, number, windowStart, entries, winningPosition, winningUserId, prize, digest];
}

function textsOf(draws: Report['draws']): Map<string, string> {
  return new Map(
    draws.map(([lotteryId, number, ...rest]) => [`${lotteryId}#${number}@${rest[0]}`, `${rest}`]),
  );
}
