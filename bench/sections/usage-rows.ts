import type { Usage } from '../stub/usage.ts';
import type { Row } from '../table.ts';

/** What a number of clicks used, as AWS counts it. */
export function usageRows({ calls, writeUnits, readUnits, putUnits }: Usage, clicks: number): Row[] {
  const callsOf = (wanted: (operation: string) => boolean) =>
    Object.entries(calls).reduce((sum, [operation, count]) => sum + (wanted(operation) ? count : 0), 0);
  const isDynamo = (operation: string) => !/^(?:PutRecord|PutObject|Send|Sign)/.test(operation);
  const row = (name: string, count: number): Row => ({
    name: `  ${name}`,
    unit: 'per 1,000 clicks',
    value: (1_000 * count) / clicks,
  });
  return [
    row('DynamoDB calls', callsOf(isDynamo)),
    row(
      'other calls',
      callsOf((operation) => !isDynamo(operation)),
    ),
    row('write units', writeUnits),
    row('read units', readUnits),
    row('Kinesis PUT units', putUnits),
  ];
}
