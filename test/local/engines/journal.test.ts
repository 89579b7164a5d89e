import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openHistory } from '../../../local/engines/backups/history-file.ts';
import { Journal } from '../../../local/engines/backups/journal.ts';
import type { CallEngine } from '../../../local/engines/dynamodb-front.ts';

const table = 'numbers';

function journalOf() {
  const kept = openHistory(undefined);
  const definition = {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [],
  };
  kept.add({ kind: 'recoveryEnabled', table, at: 0, definition, items: [] });
  return { journal: new Journal(kept), items: () => kept.history.at(table, Date.now())?.items };
}

const put = (value: string) => ({ TableName: table, Item: { id: { S: 'one' }, value: { N: value } } });

it('writes one at a time: what the engine did last is what is noted last, whoever hears of it first', async () => {
  const { journal, items } = journalOf();
  let stored: unknown;
  const answerAfterMs = [20, 0];
  const engine: CallEngine = async (_operation, input) => {
    stored = 'Item' in input ? input.Item : undefined;
    await sleep(answerAfterMs.shift());
    return { status: 200, body: {} };
  };
  await Promise.all(['1', '2'].map((value) => journal.write('PutItem', put(value), engine)));
  expect(items()).toEqual([stored]);
});

it('notes nothing of a write that the engine refused, and goes on after one that failed', async () => {
  const { journal, items } = journalOf();
  const answer = { status: 400, body: { __type: 'ConditionalCheckFailedException' } };
  expect(await journal.write('PutItem', put('1'), async () => answer)).toEqual(answer);
  const broken = journal.write('PutItem', put('2'), () => Promise.reject(new Error('socket hang up')));
  await expect(broken).rejects.toThrow('socket hang up');
  expect(items()).toEqual([]);
  await journal.write('PutItem', put('3'), async () => ({ status: 200, body: {} }));
  expect(items()).toEqual([put('3').Item]);
});
