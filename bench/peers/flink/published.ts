import type { Row } from '../../table.ts';

const unit = 'µs CPU/click';
const note =
  'Flink 1.13, 10,000 users, checkpoints each second; measured once, on another day, not in this run; so are the three below';

/** The job that comes next to ours. */
export const keyedAndParsedOnce = 1.3;

/** The Flink application that this project took over from, and what was made of it. */
export const published: readonly Row[] = [
  { name: 'as published, with its log lines', unit, value: 1_400, note },
  { name: 'as published, without its log lines', unit, value: 2.9 },
  { name: 'as published, keyed and parsed once', unit, value: keyedAndParsedOnce },
  { name: 'as published, keyed and parsed once, RocksDB', unit, value: 6.2 },
];
