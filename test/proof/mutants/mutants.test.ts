import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { expect, it } from 'vitest';
import { changesOf } from '../../../proof/mutants/mutant.ts';
import { mutants } from '../../../proof/mutants/mutants.ts';

const changes = mutants.flatMap((mutant) =>
  changesOf(mutant).map((change) => ({ ...change, name: mutant.name })),
);

it.each(changes)(
  '$name: the text that it changes in $file is there once, and it is code',
  async ({ file, from, to }) => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(source.split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
    await expect(
      transform(
        source.replace(from, () => to),
        { loader: 'ts' },
      ),
    ).resolves.toBeDefined();
  },
);

it('what one of them changes lies in as many files: each is loaded once', () => {
  const files = mutants.map((mutant) => changesOf(mutant).map(({ file }) => file));
  expect(files.filter((one) => new Set(one).size < one.length)).toEqual([]);
});

it('no two of them have one name', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
