import { setTimeout as sleep } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createClients } from '../../../local/clients.ts';
import { type EngineName, startEngine } from '../../../local/engines/engine.ts';
import { inMemoryServices } from './in-memory-services.ts';

/** What a contract of streams, queues or buckets runs on. */
export interface ServiceBackend {
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  /** Time of the service's host, ms. */
  readonly now: () => number;
  /** Lets time pass: on an engine really, in memory at once. */
  readonly pass: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface NamedBackend {
  readonly name: string;
  start(): Promise<ServiceBackend>;
}

/** An engine of the local runtime, as the runtime starts it. */
export function engineBackend(engine: EngineName): NamedBackend {
  return {
    name: engine,
    async start() {
      const failures: Error[] = [];
      const region = 'us-east-1';
      const { endpoint, stop } = await startEngine(engine, {
        ...{ port: 0, region, accountId: '000000000000' },
        onFailure: (error) => failures.push(error),
      });
      const clients = createClients(
        { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint },
        region,
      );
      return {
        kinesis: clients.kinesis,
        sqs: clients.sqs,
        s3: clients.s3,
        now: () => Date.now(),
        pass: async (ms) => {
          await sleep(ms);
        },
        async stop() {
          clients.destroy();
          await stop();
          if (failures[0]) throw failures[0];
        },
      };
    },
  };
}

export const inMemoryBackend: NamedBackend = {
  name: 'the services in memory',
  async start() {
    const { clients, now, advance } = inMemoryServices();
    return {
      kinesis: clients.kinesis,
      sqs: clients.sqs,
      s3: clients.s3,
      now,
      pass: async (ms) => advance(ms),
      stop: async () => clients.destroy(),
    };
  },
};
