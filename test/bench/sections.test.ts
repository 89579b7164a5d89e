import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchContext, openContext } from '../../bench/context.ts';
import { onceEachEffort } from '../../bench/effort.ts';
import { sections } from '../../bench/sections.ts';
import { numberOf } from '../../bench/table.ts';
import { sharedAssembly } from '../support/shared-assembly.ts';

/** Flink's job has tests of its own: where Java and Maven are, each of its sections takes minutes whatever the effort. */
const names = Object.keys(sections).filter((name) => !name.startsWith('flink'));

/** Each section runs, each thing of it once: what it gives is no figure, and that it gives one is what is tested. */
describe('npm run bench', () => {
  let context: BenchContext & { close(): Promise<void> };

  beforeAll(async () => {
    const synthesize = (environment: string, settings: Readonly<Record<string, string>>) =>
      sharedAssembly({ environment, context: settings });
    context = await openContext(onceEachEffort, synthesize);
  });
  afterAll(() => context?.close());

  it.each(names)('measures %s', async (name) => {
    const rows = await sections[name]?.rows(context);
    expect(rows?.length).toBeGreaterThan(1);
    for (const row of rows ?? []) expect(numberOf(row), row.name).toBeGreaterThanOrEqual(0);
  });
});
