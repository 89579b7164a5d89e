import { expect, it } from 'vitest';
import { Finder, type Run } from '../../../proof/mutants/finding.ts';

const problem = 'user 7: one coupon too many';

/** Code whose defects each show in a seed, and that has defects of its own in others. */
function runOf(seedOf: Readonly<Record<string, number>>, broken: readonly number[] = []) {
  const asked: string[] = [];
  const run: Run = async (mutant, { from, count }) => {
    asked.push(`${mutant} ${from}+${count}`);
    const failing = [...broken, ...(mutant === undefined ? [] : [seedOf[mutant] ?? 0])].toSorted(
      (a, b) => a - b,
    );
    const seed = failing.find((each) => from <= each && each < from + count);
    return seed === undefined ? undefined : { seed, problem };
  };
  return { asked, run };
}

it('a defect is found by a seed that shows nothing without it', async () => {
  const { asked, run } = runOf({ one: 17 });
  expect(await new Finder(run).find({ name: 'one' }, 60)).toEqual({ seed: 17, problem });
  expect(asked).toEqual(['one 1+60', 'undefined 17+1']);
});

it('a defect of one connector is looked for there, and nothing else says that its seed shows nothing without it', async () => {
  const asked: string[] = [];
  const run: Run = async (mutant, { from, connector }) => {
    asked.push(`${mutant} ${connector}`);
    return mutant === undefined ? undefined : { seed: from, problem };
  };
  const finder = new Finder(run);
  for (const connector of ['kafka', 'kinesis', 'kafka'] as const)
    await finder.find({ name: 'one', connector }, 60);
  const first = ['one kafka', 'undefined kafka', 'one kinesis', 'undefined kinesis'];
  expect(asked).toEqual([...first, 'one kafka']);
});

it('a seed that fails as well without the defect is no finding, and says so', async () => {
  const { run } = runOf({ one: 17 }, [4]);
  await expect(new Finder(run).find({ name: 'one' }, 60)).rejects.toThrow(
    `seed 4 fails without it, too: ${problem}`,
  );
});

it('what no seed shows is not found, and nothing is run without it', async () => {
  const { asked, run } = runOf({ one: 61 });
  expect(await new Finder(run).find({ name: 'one' }, 60)).toBeUndefined();
  expect(asked).toEqual(['one 1+60']);
});

it('a seed is run without a defect once, however many defects it shows', async () => {
  const { asked, run } = runOf({ one: 1, two: 1 });
  const finder = new Finder(run);
  await Promise.all([finder.find({ name: 'one' }, 60), finder.find({ name: 'two' }, 60)]);
  expect(asked.filter((one) => one.startsWith('undefined'))).toEqual(['undefined 1+1']);
});
