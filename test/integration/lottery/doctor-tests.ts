import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { look } from '../../../cli/doctor/look.ts';
import { systemClock } from '../../../local/clock.ts';
import { type LotteryEnvironment, patience } from './environment.ts';

const aheadMs = 30_000;

/** What is wrong here is made so first. */
export function doctorTests(the: () => LotteryEnvironment): void {
  describe('lottery doctor', () => {
    it('finds failed batches, and functions that are paused, and says so by its exit code', async () => {
      const { s3 } = the().runtime.clients;
      const object = { Bucket: the().runtime.outputs.ArtifactsBucketName, Key: 'aws/lambda/given-up' };
      await s3.send(new PutObjectCommand({ ...object, Body: '{}' }));
      await the().json('pause', 'user-events', ...patience);
      // What waits there.
      await the().json('buy', '8', '1', '--no-wait');
      const [command, ahead] = await Promise.all([the().lottery(['doctor', '--json']), lookAhead(the())]);
      await the().json('resume', 'user-events', ...patience);
      await s3.send(new DeleteObjectCommand(object));
      expect(command).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^dev: .* things are wrong\n$/),
      });
      const { findings } = JSON.parse(command.stdout);
      expect(findings).toEqual(
        expect.arrayContaining([
          {
            topic: 'failed batches',
            isWrong: true,
            text: expect.stringMatching(/^1 failed batch lies in .* --bucket /),
          },
          {
            topic: 'paused',
            isWrong: true,
            text: expect.stringMatching(/^user-events gets nothing from dev-user-events-input: /),
          },
          { topic: 'alarms', isWrong: false, text: expect.any(String) },
        ]),
      );
      // All is later for whoever is ahead.
      expect(ahead).toEqual(
        expect.arrayContaining([
          {
            topic: 'lag',
            isWrong: true,
            text: expect.stringMatching(/^user\/shardId-\d+ is .* s behind: user-events is paused$/),
          },
          {
            topic: 'clock',
            isWrong: true,
            text: expect.stringMatching(/^this machine's clock is \d+\.\d s ahead/),
          },
        ]),
      );
      expect(ahead.map(({ topic }) => topic).slice(0, 2)).toEqual(['failed batches', 'paused']);
    });

    it('finds nothing when all of it is mended', async () => {
      await expect
        .poll(() => the().lottery(['doctor']))
        .toMatchObject({
          ...{ code: 0, stderr: '' },
          stdout: expect.stringMatching(/^ +WHAT *\nsaid +alarms .*\ndev: nothing is wrong\n$/),
        });
    });
  });
}

/** The same, by the clock of a machine that is ahead. */
async function lookAhead(the: LotteryEnvironment) {
  const environment = await the.open();
  const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const findings = await look({ environment, clock, signal: new AbortController().signal });
  environment.close();
  return findings;
}
