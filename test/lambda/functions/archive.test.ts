import { gunzipSync } from 'node:zlib';
import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { s3Client } from '../../../lambda/adapters/clients.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import type { InputRecord } from '../../../lambda/core/decode.ts';
import { processArchive } from '../../../lambda/functions/archive/process.ts';
import { wireArchive } from '../../../lambda/functions/archive/wiring.ts';
import { requestHandlerFor } from '../../../proof/simulation/services/index.ts';
import { kinesisEvent, sequenceNumber, shardId } from '../../support/records.ts';

const streams = { user: 'dev-user-events-output', lottery: 'dev-lottery-events-output' };

/** @returns a batch as Lambda hands it over */
function eventFrom(stream: string, event: KinesisStreamEvent): KinesisStreamEvent {
  const eventSourceARN = `arn:aws:kinesis:eu-west-1:000000000000:stream/${stream}`;
  return { Records: event.Records.map((record) => ({ ...record, eventSourceARN })) };
}

function from(stream: string, event: KinesisStreamEvent): readonly InputRecord[] {
  return kinesisSource.records(eventFrom(stream, event));
}

/** Everything that was put, in its order. */
class Puts {
  readonly all: (readonly [key: string, lines: string])[] = [];
  async put(key: string, lines: string): Promise<void> {
    this.all.push([key, lines]);
  }
}

const arrival = Date.parse('2026-11-26T23:59:59.999Z');
const done = { batchItemFailures: [] };

describe('the archive function', () => {
  test('puts a batch as one object, with a line for each record', async () => {
    const archive = new Puts();
    const event = from(streams.user, kinesisEvent([{ a: 1 }, 'no JSON'], { arrival }));
    expect(await processArchive(event, { archive, streams })).toEqual([]);
    const [first, second] = [1, 2].map(sequenceNumber);
    expect(archive.all).toEqual([
      [
        `archive/user/2026-11-26/${shardId}/${first}-${second}.jsonl.gz`,
        `{"recordId":"${shardId}:${first}","arrival":${arrival},"event":{"a":1}}\n` +
          `{"recordId":"${shardId}:${second}","arrival":${arrival},"raw":"bm8gSlNPTg=="}\n`,
      ],
    ]);
  });

  test('puts a batch that comes again under the same name with the same contents, and a half under its own', async () => {
    const archive = new Puts();
    const all = from(streams.lottery, kinesisEvent([{ a: 1 }, { a: 2 }], { arrival }));
    for (const records of [all, all, all.slice(1)]) await processArchive(records, { archive, streams });
    const [first, again, half] = archive.all;
    expect(again).toEqual(first);
    const [, second] = [1, 2].map(sequenceNumber);
    expect(half?.[0]).toBe(`archive/lottery/2026-11-26/${shardId}/${second}-${second}.jsonl.gz`);
  });

  test('fails as a whole where the object cannot be put', async () => {
    const archive = { put: () => Promise.reject(new Error('S3 is away')) };
    const event = from(streams.user, kinesisEvent([{ a: 1 }]));
    await expect(processArchive(event, { archive, streams })).rejects.toThrow('S3 is away');
  });

  test.each(['dev-user-events-input', 'user-events-output', 'other-dev-user-events-output'])(
    'does not take %s for one of its streams',
    async (stream) => {
      const archive = new Puts();
      const event = from(stream, kinesisEvent([{ a: 1 }]));
      await expect(processArchive(event, { archive, streams })).rejects.toThrow(
        `'${stream}' is no stream that is archived`,
      );
      expect(archive.all).toEqual([]);
    },
  );
});

/** The functions' own client of S3, with answers instead of the network: one status after the other, then 500. */
function s3Answering(...statuses: number[]) {
  const bodies: Buffer[] = [];
  const requestHandler = requestHandlerFor('s3', async ({ method, path, body }) => {
    expect([method, path]).toEqual(['PUT', expect.stringMatching(/^\/draws\/archive\/user\//)]);
    bodies.push(Buffer.from(body));
    return { status: statuses.shift() ?? 500, headers: {}, body: Buffer.alloc(0) };
  });
  const s3 = s3Client();
  const credentials = async () => ({ accessKeyId: 'local', secretAccessKey: 'local' });
  const no = async () => false;
  Object.assign(s3.config, {
    ...{ requestHandler, credentials, region: async () => 'eu-west-1' },
    ...{ useFipsEndpoint: no, useDualstackEndpoint: no },
  });
  return { s3, bodies };
}

describe('on S3', () => {
  const variables = {
    DRAWS_BUCKET: 'draws',
    USER_EVENTS_OUTPUT_STREAM: streams.user,
    LOTTERY_EVENTS_OUTPUT_STREAM: streams.lottery,
  };
  const batch = eventFrom(streams.user, kinesisEvent([{ a: 1 }], { arrival }));

  test('a put that fails is tried again, with the same bytes: they are gzip', async () => {
    const { s3, bodies } = s3Answering(503, 500, 200);
    expect(await wireArchive(variables, { s3 }, { source: kinesisSource })(batch)).toEqual(done);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies.map((body) => body.toString('base64'))).size).toBe(1);
    const [line = ''] = gunzipSync(bodies[0] ?? '')
      .toString()
      .split('\n');
    expect(JSON.parse(line)).toMatchObject({ arrival, event: { a: 1 } });
  });

  test('a put that always fails ends the invocation: the batch comes again', async () => {
    const { s3, bodies } = s3Answering();
    await expect(wireArchive(variables, { s3 }, { source: kinesisSource })(batch)).rejects.toThrow();
    expect(bodies).toHaveLength(4);
  });
});
