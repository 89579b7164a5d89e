/**
 * The kinds of alarm. The key is also the heading of the kind's entry in docs/runbook.md, which says what it
 * means, what to look at and what to do; the text goes into the alarm itself, for whoever is woken by it.
 */

/**
 * `page` wakes somebody: players are without balances, entries or winners now, or something is lost before the next
 * working day. `ticket` can wait for that day: it repairs itself, or somebody else has to act, or there are days left.
 */
export type Severity = 'page' | 'ticket';

interface Kind {
  readonly severity: Severity;
  readonly meaning: string;
}

const page = (meaning: string): Kind => ({ severity: 'page', meaning });
const ticket = (meaning: string): Kind => ({ severity: 'ticket', meaning });

export const alarmKinds = {
  'input-lag': page('Records wait in front of a function: balances, entries or winners come late.'),
  'input-unread': page('Records or ticks come in and nothing reads them: a mapping is off, or may not read.'),
  'archive-late': ticket(
    'The archive is behind the output streams, or fails: exports need the streams for what it lacks.',
  ),
  'page-late': ticket('What viewers see is behind, or is not published: nobody who plays waits for it.'),
  'page-refused': ticket('The Event API does not take what the page is told: viewers see nothing new.'),
  'page-incomplete': ticket(
    'The function of the page gave up records, or will not reach them: its counts lack them.',
  ),
  'puts-failed': page('Kinesis does not take what producers put on an input stream: events do not come in.'),
  'function-errors': page(
    'A function fails: its shard, or its queue, waits and comes again until it succeeds.',
  ),
  'function-throttles': ticket(
    'A function is not allowed to run: the concurrency of the account is used up.',
  ),
  'function-timeouts': ticket('A function runs into its time-out: its batch is halved and comes again.'),
  'loop-stopped': ticket(
    'Lambda took ticks that wait for an endless loop and stopped them: lotteries do not end.',
  ),
  'draws-late': ticket('Winners are announced later after the end of their window than players may expect.'),
  'draws-missing': page('Clicks are accepted, but nothing is drawn.'),
  'draws-held-up': page(
    'A shard of an input is behind, and all draws wait for it: docs/runbook.md, "A shard holds draws up".',
  ),
  'events-unreadable': ticket(
    'A producer sends records that are no events of this lottery: they are rejected.',
  ),
  'clock-differs': ticket('Clicks are rejected because their timestamps are far from now: a clock is wrong.'),
  'write-conflicts': ticket('Two writers change the same users or lotteries again and again.'),
  'write-failures': page(
    'Users or lotteries could not be written after all attempts: their events come again.',
  ),
  'events-replayed': ticket('Batches come again and again: something after the write of the state fails.'),
  'entries-refunded': ticket(
    'Entries came after their draw, or after the last one of their lottery: their coupons go back.',
  ),
  'records-ignored': ticket(
    'A record on an internal stream or queue cannot be read: a defect in the functions.',
  ),
  'seeds-missing': page('The seed of a lottery is missing, or was changed: its draws wait.'),
  'blocks-missing': page('Entries of a draw are missing in the draws bucket, or were changed: it waits.'),
  'beacon-missing': page(
    'The round of the beacon that draws is out of reach at all mirrors: draws wait for it.',
  ),
  'batches-failed': ticket(
    'A mapping with limited retries gave up records; they lie in the artifacts bucket.',
  ),
  'batches-undelivered': page('A mapping gave up a batch and could not leave it in the artifacts bucket.'),
  'records-dropped': page(
    'A mapping gave up records that are nowhere else: once their stream lets go, they are lost.',
  ),
  'retention-near': page(
    'Records wait for half of the time that their stream keeps them: then they are lost.',
  ),
  'ticks-dead-lettered': page(
    'Ticks failed too often: quiet lotteries are not drawn, those with prizes do not end.',
  ),
  'table-throttles': ticket('DynamoDB refuses requests to a table: it is beyond its throughput.'),
  'stream-throttles': ticket(
    'Kinesis refuses records of a stream: it has too few shards, or a key that is too hot.',
  ),
  'read-throttles': ticket('Kinesis refuses reads of a stream: its readers share what each shard gives.'),
} as const satisfies Record<string, Kind>;

export type AlarmKind = keyof typeof alarmKinds;

/** Where the entries are, as seen from the root of the repository. */
export const runbook = 'docs/runbook.md';
