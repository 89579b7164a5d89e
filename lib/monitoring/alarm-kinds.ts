/**
 * The kinds of alarm. The key is also the heading of the kind's entry in docs/runbook.md, which says what it
 * means, what to look at and what to do; the text goes into the alarm itself, for whoever is woken by it.
 */
export const alarmKinds = {
  'input-lag': 'Records wait in front of a function: balances, entries or winners come late.',
  'input-unread': 'Records or ticks come in and nothing reads them: a mapping is off, or may not read.',
  'function-errors': 'A function fails: its shard, or its queue, waits and comes again until it succeeds.',
  'function-throttles': 'A function is not allowed to run: the concurrency of the account is used up.',
  'function-timeouts': 'A function runs into its time-out: its batch is halved and comes again.',
  'draws-late': 'Winners are announced later after the end of their window than players may expect.',
  'draws-missing': 'Clicks are accepted, but nothing is drawn.',
  'events-unreadable': 'A producer sends records that are no events of this lottery: they are rejected.',
  'clock-differs': 'Clicks are rejected because their timestamps are far from now: a clock is wrong.',
  'write-conflicts': 'Two writers change the same users or lotteries again and again.',
  'write-failures': 'Users or lotteries could not be written after all attempts: their events come again.',
  'events-replayed': 'Batches come again and again: something after the write of the state fails.',
  'entries-moved': 'Many clicks come too late for their window and take part in the next one.',
  'entries-refunded': 'Clicks came too late for the last window of their lottery: their coupons go back.',
  'records-ignored': 'A record on an internal stream or queue cannot be read: a defect in the functions.',
  'batches-failed': 'A mapping with limited retries gave up records; they lie in the artifacts bucket.',
  'retention-near': 'Records wait for half of the time that their stream keeps them: then they are lost.',
  'ticks-dead-lettered': 'Ticks failed too often: quiet lotteries draw late, those with prizes do not end.',
  'table-throttles': 'DynamoDB refuses requests to a table: it is beyond its throughput.',
  'stream-throttles': 'Kinesis refuses records of a stream: it has too few shards, or a key that is too hot.',
} as const;

export type AlarmKind = keyof typeof alarmKinds;

/** Where the entries are, as seen from the root of the repository. */
export const runbook = 'docs/runbook.md';
