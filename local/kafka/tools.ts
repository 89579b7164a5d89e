import { spawn } from 'node:child_process';
import { KafkaError } from './kafka-error.ts';

/** Kafka 4 runs on no older one (https://kafka.apache.org/44/operations/java-version/). */
const OLDEST_JAVA = 17;

/** As a process begins with them: `PATH`, and what the tools themselves read. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Ended {
  code: number | null;
  output: string;
}

/** @throws KafkaError where there is no Java, or one that is too old */
export async function checkJava(environment: Environment): Promise<void> {
  const { output } = await run(
    'java',
    ['-version'],
    environment,
    'runs Apache Kafka: install a JDK or JRE 17',
  );
  const version = /version "(\d+)/.exec(output)?.[1];
  if (version === undefined || Number(version) < OLDEST_JAVA) {
    const found = version === undefined ? `says no version: ${firstLine(output)}` : `is version ${version}`;
    throw new KafkaError(
      `Apache Kafka needs Java ${OLDEST_JAVA} or newer, and the java on the PATH ${found}`,
    );
  }
}

/**
 * Fetches what a pom depends on into a directory.
 * @throws KafkaError where there is no Maven, or it fails: without a network, say
 */
export async function fetchJars(pom: string, directory: string, environment: Environment): Promise<void> {
  const { code, output } = await run(
    'mvn',
    ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`],
    environment,
    'fetches Apache Kafka: install Maven',
  );
  if (code === 0) return;
  // The first error says what, those behind it where to read on.
  const error = /\[ERROR\] (.*)/.exec(output)?.[1] ?? firstLine(output);
  throw new KafkaError(`Maven could not fetch Apache Kafka (is there a network?): ${error}`);
}

/** @throws KafkaError when the program fails */
export async function runJava(parameters: readonly string[], environment: Environment): Promise<void> {
  const { code, output } = await run(
    'java',
    parameters,
    environment,
    'runs Apache Kafka: install a JDK or JRE 17',
  );
  if (code !== 0) throw new KafkaError(`java ${parameters.at(-1)} failed: ${output.trim()}`);
}

/** @throws KafkaError when there is no such program on the PATH; `purpose` says what it is for */
function run(
  program: string,
  parameters: readonly string[],
  environment: Environment,
  purpose: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(program, parameters, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const missing = `There is no ${program} on the PATH, which ${purpose}`;
      reject(cause.code === 'ENOENT' ? new KafkaError(missing, { cause }) : cause);
    });
    child.once('close', (code) => resolve({ code, output }));
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
