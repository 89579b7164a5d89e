import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { listArchive } from '../../../client/archive/objects.ts';
import { readStream } from '../../../client/read-stream.ts';
import { systemClock } from '../../../local/clock.ts';
import { type LotteryEnvironment, patience } from './environment.ts';

const verifier = fileURLToPath(new URL('../../../cli/verify.ts', import.meta.url));

/** What came out until now goes into a file, from the archive. No lottery may run. */
export function archiveTests(the: () => LotteryEnvironment): void {
  const directory = () => join(the().directory, 'out');
  const exported = async () =>
    (await readFile(join(directory(), 'events.jsonl'), 'utf8')).trimEnd().split('\n');

  describe('lottery export', () => {
    it('reads the archive where that has all, each record once though it is on the stream too', async () => {
      const report = await the().json('export', directory(), '--wait', ...patience);
      expect(report).toMatchObject({ notArchived: [], missingSheets: [], foreign: 0 });
      const onStreams = await textsOnStreams(the());
      expect((await exported()).sort()).toEqual(onStreams.sort());
      expect(report.events).toBe(onStreams.length);
      const { stdout, status } = spawnSync(process.execPath, [verifier, directory()], { encoding: 'utf8' });
      expect(stdout).toMatch(/^ok {4}draw promo@\d+: winner 7, /);
      expect(stdout).toMatch(/\b2 draws, 2 winners, .* 0 failures$/m);
      expect(status).toBe(0);
    });

    it('reads from the stream what is not archived yet, and nothing twice', async () => {
      await the().json('pause', 'archive', ...patience);
      await the().json('buy', '9', '1', ...patience);
      const report = await the().json('export', directory());
      expect(report.notArchived).toMatchObject([{ stream: 'user', notArchived: 1 }]);
      expect((await exported()).sort()).toEqual((await textsOnStreams(the())).sort());
      await the().json('resume', 'archive', ...patience);
      expect(await the().json('export', directory(), '--wait', ...patience)).toMatchObject({
        notArchived: [],
      });
    });

    it('names an object that is damaged, and leaves what was exported before', async () => {
      const before = await exported();
      const { s3 } = the().runtime.clients;
      const bucket = the().runtime.outputs.DrawsBucketName ?? '';
      const [object] = await listArchive({ s3, bucket }, 'lottery');
      const key = object?.key ?? '';
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'half of it' }));
      const { code, stderr } = await the().lottery(['export', directory()]);
      expect(stderr).toMatch(new RegExp(`^${key} in ${bucket} is no object of the archive: .*\\n$`));
      expect(code).toBe(1);
      expect(await exported()).toEqual(before);
    });
  });
}

/** Of both output streams. */
async function textsOnStreams(the: LotteryEnvironment): Promise<string[]> {
  const environment = await the.open();
  const texts: string[] = [];
  const signal = new AbortController().signal;
  for (const stream of ['LotteryEventsOutput', 'UserEventsOutput'] as const) {
    await readStream({ environment, clock: systemClock, signal, stream }, ({ data }) => {
      texts.push(Buffer.from(data).toString('utf8'));
    });
  }
  environment.close();
  return texts;
}
