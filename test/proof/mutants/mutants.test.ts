import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { expect, it } from 'vitest';
import { mutants } from '../../../proof/mutants/mutants.ts';

it.each(mutants)('$name: the text that it changes is in its file once, and it is code', async (mutant) => {
  const { file, from, to } = mutant;
  const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  await expect(
    transform(
      source.replace(from, () => to),
      { loader: 'ts' },
    ),
  ).resolves.toBeDefined();
});

it('no two of them have one name', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
