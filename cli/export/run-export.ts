import type { S3Client } from '@aws-sdk/client-s3';
import { DayOfDraws } from '../../client/archive/day-of-draws.ts';
import { OutputHistory } from '../../client/archive.ts';
import { outerOutput } from '../../client/streams/open.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import { ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import type { Clock } from '../../local/clock.ts';
import { exportTo } from './export-directory.ts';
import type { ExportReport } from './report.ts';

/** Of an environment: what an export reads (client/environment/open.ts has it). */
export interface ExportEnvironment {
  readonly clients: { readonly s3: S3Client };
  readonly streams: OuterStreams;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ExportRequest {
  readonly directory: string;
  /** As text. */
  readonly lotteryId?: string | undefined;
  /** When the day starts, ms. */
  readonly day?: number | undefined;
  /** Seconds to wait until the archive has all that is on the streams now; undefined: the streams are read. */
  readonly waitSeconds?: number | undefined;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

/** The archive did not get all that was on the streams in time. */
export class NotArchived extends Error {
  override readonly name = 'NotArchived';
}

/**
 * Writes an export, and says what is in it.
 * @throws NotArchived; Error that names the output which the environment lacks; what reading and writing throw
 */
export async function runExport(
  { clients, streams: outer, outputs }: ExportEnvironment,
  { directory, lotteryId, day, waitSeconds, clock, signal }: ExportRequest,
): Promise<ExportReport> {
  const output = (name: string) => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The environment has no output ${name}`);
    return value;
  };
  const bucket = output('DrawsBucketName');
  const history = new OutputHistory({
    ...{ s3: clients.s3, outer, bucket },
    streams: {
      user: output(outerOutput(outputs, 'UserEventsOutput')),
      lottery: output(outerOutput(outputs, 'LotteryEventsOutput')),
    },
  });
  if (waitSeconds !== undefined) {
    const end = clock.now() + 1_000 * waitSeconds;
    const late = new AbortController();
    const sleep = async (ms: number) => {
      await clock.sleep(ms, signal);
      if (clock.now() >= end) {
        late.abort(
          new NotArchived(`The archive did not get all that is on the streams within ${waitSeconds} s`),
        );
      }
    };
    await history.archived(sleep, AbortSignal.any([signal, late.signal]));
  }
  const exported = await exportTo(directory, new ContentBucket(clients.s3, bucket, 'sheets'), {
    ...{ history, lotteryId, now: () => clock.now() },
    day: day === undefined ? undefined : new DayOfDraws(day),
  });
  const notArchived = history.standings.filter((standing) => standing.notArchived > 0);
  return { directory, ...exported, notArchived };
}
