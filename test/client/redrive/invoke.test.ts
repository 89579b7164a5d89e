import { expect, it } from 'vitest';
import { KinesisRecords } from '../../../client/redrive/batch-records.ts';
import { invokeWith } from '../../../client/redrive/invoke.ts';
import { kinesisRecord, sequenceNumber } from '../../support/records.ts';

const records = [1, 2, 3].map((n) => kinesisRecord(n, {}));

/** Functions that report these records as failed, one in each invocation; they note what they are given. */
function functionsThatLeave(...failed: readonly (string | undefined)[]) {
  const given: number[] = [];
  const responses = failed.map((itemIdentifier) =>
    itemIdentifier === undefined ? {} : { batchItemFailures: [{ itemIdentifier }] },
  );
  const invoke = async (_: string, event: object) => {
    given.push('Records' in event && Array.isArray(event.Records) ? event.Records.length : 0);
    return responses.shift();
  };
  return { given, functions: { variablesOf: async () => ({}), invoke } };
}

it('goes on with what is left of a batch, as the mapping would', async () => {
  const { given, functions } = functionsThatLeave(sequenceNumber(2), sequenceNumber(3), undefined);
  await invokeWith(functions, 'user-events', new KinesisRecords(records));
  expect(given).toEqual([3, 2, 1]);
});

it.each([
  ['the first record', sequenceNumber(1)],
  ['a record that it was not given', sequenceNumber(9)],
])('ends where the function fails at %s', async (_, failed) => {
  const { given, functions } = functionsThatLeave(failed);
  await expect(invokeWith(functions, 'user-events', new KinesisRecords(records))).rejects.toThrow(
    `user-events could not apply everything from ${records[0]?.eventID} on`,
  );
  expect(given).toEqual([3]);
});
