/**
 * Vitest's global setup: one Apache Kafka for all test files that ask for one (kafka.ts). It is started at the first question, in
 * this process, as it costs seconds of a core; where there is no Java or Maven, the answer says so.
 */
import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';
import { listen, type RunningEngine } from '../../local/engines/running-engine.ts';
import { type Broker, startBroker } from '../../local/kafka/broker.ts';
import { KafkaError } from '../../local/kafka/kafka-error.ts';

/** What a test file is told. */
export type KafkaAnswer = { bootstrapServers: string } | { missing: string };

declare module 'vitest' {
  export interface ProvidedContext {
    /** Who answers where the broker is. */
    kafkaQuestions: string;
  }
}

/** Vitest calls the setup for each of its projects, in one process. */
let users = 0;
let asked: Promise<Broker> | undefined;
let answering: Promise<RunningEngine> | undefined;

export async function setup({ provide }: TestProject): Promise<void> {
  users += 1;
  answering ??= listen(questions(), 0);
  const { port } = await answering;
  provide('kafkaQuestions', `http://127.0.0.1:${port}`);
}

export async function teardown(): Promise<void> {
  users -= 1;
  if (users > 0) return;
  await (await answering)?.close();
  await (await asked?.catch(() => undefined))?.stop();
}

function questions(): Server {
  return createServer(async (_request, response) => {
    response.end(JSON.stringify(await answer()));
  });
}

async function answer(): Promise<KafkaAnswer> {
  asked ??= startBroker({
    port: 0,
    onFailure(error) {
      throw error;
    },
  });
  try {
    const { bootstrapServers } = await asked;
    return { bootstrapServers };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { missing: error.message };
  }
}
