import { expect, it, vi } from 'vitest';
import { findViolation } from './find-violation.ts';

/** The condition of every write: the version is still the one that was loaded. Here it is ignored. */
vi.mock('../../support/fakes/memory-stores.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../support/fakes/memory-stores.ts')>();
  class CarelessStore extends original.MemoryKeyedStore<{ version: number }> {
    override write: InstanceType<typeof original.MemoryKeyedStore>['write'] = (writes) => {
      const now = writes.map(({ key, state }) => ({
        key,
        state: { ...state, version: this.items.get(key)?.version ?? 0 },
      }));
      return super.write(now);
    };
  }
  return { ...original, MemoryKeyedStore: CarelessStore };
});

it('without the version, a zombie invocation overwrites what came after it', async () => {
  const { violations } = await findViolation();
  expect(violations).not.toEqual([]);
});
