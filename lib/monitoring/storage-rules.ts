import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { AlarmRule } from './alarm-rule.ts';
import { failedPuts, readThrottles, streamThrottles, tableThrottles } from './service-metrics.ts';
import type { Watched } from './watched.ts';

/** Kinesis says that occasional failures are to be expected and tried again; this much, in per cent, is not that. */
const failedPutsPercent = 1;

/** Alarms of streams and tables. */
export function storageRules({ streams, tables }: Watched): AlarmRule[] {
  return [
    ...Object.entries(tables.byName).map(([subject, table]) => tableRule(subject, table)),
    ...Object.entries(streams.byName).flatMap(([subject, stream]): AlarmRule[] => [
      {
        kind: 'stream-throttles',
        subject,
        metric: streamThrottles(stream),
        threshold: 1,
        breaching: 3,
        evaluated: 5,
      },
      {
        kind: 'read-throttles',
        subject,
        metric: readThrottles(stream),
        threshold: 1,
        breaching: 3,
        evaluated: 5,
      },
    ]),
    // Of what others put. When puts of the functions fail, the function fails.
    ...Object.entries(streams.inputs).map(([subject, stream]): AlarmRule => {
      return {
        ...{ kind: 'puts-failed', subject, metric: failedPuts(stream) },
        ...{ threshold: failedPutsPercent, breaching: 3, evaluated: 5 },
      };
    }),
  ];
}

export function tableRule(subject: string, table: ITable): AlarmRule {
  return {
    ...{ kind: 'table-throttles', subject, metric: tableThrottles(table) },
    ...{ threshold: 1, breaching: 3, evaluated: 5 },
  };
}
