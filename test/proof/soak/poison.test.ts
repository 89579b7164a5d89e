import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { recordIdOfOutcome } from '../../../client/output-events.ts';
import { Cleanup } from '../../../local/cleanup.ts';
import { FunctionError } from '../../../local/function-host.ts';
import { readStored } from '../../../proof/soak/tables.ts';
import { start } from '../../support/client-events.ts';
import { BrokenFunctions } from './support/broken-functions.ts';
import { playOddEntries } from './support/odd-entries.ts';
import { playOddEvents } from './support/odd-records.ts';
import { OddRun } from './support/odd-run.ts';
import { Fuzz, type FuzzedRecord } from './support/poison.ts';
import { startWatched, type WatchedRuntime } from './support/watched-runtime.ts';

/** The simulation has as many in a few seeds: here they go through HTTP and the engines. */
const records = 100;
/** Every so many records one is good. */
const goodEvery = 20;
const goodUsers = 10;
const perPut = 500;
/** Longer than a batch takes here, however busy the machine is. */
const lagMs = 1_500;

const cleanup = new Cleanup();
const broken = new BrokenFunctions();
let watched: WatchedRuntime;
let isBroken = false;

/** On the runtime's own engine: what others take of odd values is in the tables' contract. */
beforeAll(async () => {
  watched = await startWatched({
    observer: (event) => {
      if (!isBroken) broken.observe(event);
    },
    // Each more would be one more copy of the function to start.
    emulation: { sqsConcurrency: 1 },
    wrapHost: (host, functionName) => ({
      async invoke(event) {
        if (isBroken) throw new FunctionError(functionName, 'TypeError', 'The code is broken');
        return host.invoke(event);
      },
      close: () => host.close(),
    }),
  });
  cleanup.add(() => watched.stop());
  await watched.putter.putAll([
    { channel: 'lottery', partitionKey: '1', data: Buffer.from(JSON.stringify(start())) },
  ]);
  await watched.answered();
});

afterAll(() => cleanup.run());

/** Puts the records and says what became of each. */
async function play(fuzzed: readonly FuzzedRecord[]): Promise<void> {
  const { putter, watcher } = watched;
  const before = { user: putter.put.user.length, lottery: putter.put.lottery.length };
  for (let start = 0; start < fuzzed.length; start += perPut)
    await putter.putAll(fuzzed.slice(start, start + perPut));
  await watched.answered();
  for (const channel of ['user', 'lottery'] as const) {
    const types = new Map(watcher.outputs.of(channel).map((event) => [recordIdOfOutcome(event), event.type]));
    const outcomes = putter.put[channel].slice(before[channel]).map((id) => types.get(id));
    expect(outcomes).toEqual(
      fuzzed.filter((record) => record.channel === channel).map(({ expected }) => expected),
    );
  }
}

it(`rejects every bad one of ${records} records, and gives every good one its result`, async () => {
  const fuzz = new Fuzz(1);
  const fuzzed = Array.from({ length: records }, (_, index) =>
    index % goodEvery === 0 ? fuzz.good(1_000 + (Math.floor(index / goodEvery / 2) % goodUsers)) : fuzz.bad(),
  );
  await play(fuzzed);
});

it('bears records as large as they can be', async () => {
  const fuzz = new Fuzz(2);
  // Each of them alone, as five together are the limit of a put.
  for (const record of fuzz.huge()) await play([record]);
  await play([fuzz.good(2_000), fuzz.good(2_000)]);
});

it('waits while the code is broken, shows it, and goes on without loss', async () => {
  const fuzz = new Fuzz(3);
  isBroken = true;
  const played = play([fuzz.good(3_000), fuzz.bad(), fuzz.good(3_000)]);
  const [mapping] = watched.runtime.mappings.get('dev-user-events') ?? [];
  await vi.waitFor(() => expect(mapping?.status().behindMs).toBeGreaterThan(lagMs), { timeout: 180_000 });
  expect(mapping?.status()).toMatchObject({ caughtUp: false });
  isBroken = false;
  await played;
  await mapping?.drained();
  expect(mapping?.status()).toMatchObject({ behindMs: 0, caughtUp: true });
});

it('bears an odd value in each field, through the bundled functions', async () => {
  const run = new OddRun(watched, broken);
  await playOddEvents(run);
  // Of the tests before, too: by now each of their clicks has its draw.
  expect(await watched.violations()).toEqual([]);
  const forged = await playOddEntries(run);
  await run.caughtUp();
  // Who can put on the entries stream can have anybody win.
  const ofForged = (line: string) => [...forged].some((drawId) => line.startsWith(`draw ${drawId}: `));
  expect((await watched.violations()).filter((line) => !ofForged(line))).toEqual([]);
  expect((await readStored(watched.runtime)).failedBatches).toEqual([]);
  expect(watched.watcher.outputs.foreign).toEqual([]);
});
