/**
 * Vitest's global setup: one Apache Kafka for all test files that ask for one (kafka.ts). It is started at the first question, in
 * this process, as it costs seconds of a core; where there is no Java or Maven, the answer says so.
 */
import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';
import { listen } from '../../local/engines/running-engine.ts';
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

let asked: Promise<Broker> | undefined;

/** @returns what ends the broker when all tests have run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { port, close } = await listen(questions(), 0);
  provide('kafkaQuestions', `http://127.0.0.1:${port}`);
  return async () => {
    await close();
    await (await asked?.catch(() => undefined))?.stop();
  };
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
