import { expect, it } from 'vitest';
import { Random } from '../../../local/faults/random.ts';
import { changed } from '../../../proof/simulation/taken-away.ts';

const entries = [1, 2, 3].map((n) => [`shardId-000000000000:${n}`, `user ${n}`]);
const text = JSON.stringify({ '1@0': entries, '2@0': entries.slice(1) });
const all = new Map(
  Array.from({ length: 200 }, (_, seed) => changed(text, new Random(seed))).map((one) => [one.how, one.text]),
);

it('a block becomes nothing, no JSON, or a whole one that is not what was put', () => {
  expect(all.size).toBe(7);
  expect([...all.values()]).not.toContain(text);
  const blocks = [...all].flatMap(([how, other]) => {
    if (other === undefined || how === 'is cut short') return [];
    return [[how, JSON.parse(other)['1@0']] as const];
  });
  const [first, second, third] = entries;
  const ids = entries.map(([id]) => id);
  expect(Object.fromEntries(blocks)).toEqual({
    'is empty': undefined,
    'has an entry less': [second, third],
    'has an entry more': [...entries, ['shardId-000000000099:1', '1']],
    'has another order': [third, second, first],
    "has somebody else's entries": ids.map((id) => [id, '1']),
  });
  expect(all.get('is gone')).toBeUndefined();
  expect(() => JSON.parse(all.get('is cut short') ?? '{}')).toThrow(SyntaxError);
});

it('the seed chooses what', () => {
  const how = (seed: number) => changed(text, new Random(seed));
  expect(how(3)).toEqual(how(3));
});
