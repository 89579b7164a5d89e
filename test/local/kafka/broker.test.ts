import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../../local/engines/running-engine.ts';
import { startBroker } from '../../../local/kafka/broker.ts';
import { brokerProperties } from '../../../local/kafka/broker-properties.ts';
import { keep } from '../../../local/kafka/keeper.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broker-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const onFailure = () => {};

/** Programs of these names, alone on the PATH, that do what the script says. */
async function only(programs: Readonly<Record<string, string>>) {
  const bin = join(directory, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return { PATH: bin, XDG_CACHE_HOME: join(directory, 'cache') };
}

const JAVA_17 = `echo 'openjdk version "17.0.15" 2025-04-15' >&2`;

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['no Java', {}, 'There is no java on the PATH, which runs Apache Kafka: install a JDK or JRE 17'],
  [
    'an old Java',
    { java: `echo 'java version "1.8.0_202"' >&2` },
    'Apache Kafka needs Java 17 or newer, and the java on the PATH is version 1',
  ],
  [
    'a java that is none',
    { java: 'echo nothing' },
    'Apache Kafka needs Java 17 or newer, and the java on the PATH says no version: nothing',
  ],
  ['no Maven', { java: JAVA_17 }, 'There is no mvn on the PATH, which fetches Apache Kafka: install Maven'],
  [
    'no network',
    { java: JAVA_17, mvn: `echo '[ERROR] Could not transfer artifact' && echo '[ERROR] Re-run' && exit 1` },
    'Maven could not fetch Apache Kafka (is there a network?): Could not transfer artifact',
  ],
])('%s is said in a line, and leaves nothing', async (_, programs, message) => {
  const environment = await only(programs);
  await expect(startBroker({ port: 0, onFailure, environment })).rejects.toMatchObject({
    ...{ name: 'KafkaError', message },
  });
});

/** Is version 17, formats a directory, and fails as a broker. */
const FAILING = `case "$*" in
  -version) ${JAVA_17} ;;
  *format*) for last; do :; done; /bin/mkdir "$(/usr/bin/dirname "$last")/formatted" ;;
  *) echo 'ERROR no memory' >&2; exit 1 ;;
esac`;

test('one that ends at once says why, and names its log where that stays', async () => {
  const environment = await only({ java: FAILING, mvn: 'exit 0' });
  const started = (dataDir?: string) => startBroker({ port: 0, dataDir, onFailure, environment });
  const message = 'Apache Kafka did not start: ERROR no memory';
  await expect(started()).rejects.toMatchObject({ name: 'KafkaError', message });
  const log = join(directory, 'kafka', 'broker.log');
  await expect(started(directory)).rejects.toMatchObject({ message: `${message} (all of it: ${log})` });
  expect(existsSync(log)).toBe(true);
});

test('a port that is taken is named before anything is fetched', async () => {
  const taken = await listen(createServer(), 0);
  await expect(startBroker({ port: taken.port, onFailure, environment: await only({}) })).rejects.toThrow(
    `Port ${taken.port} (for Apache Kafka) is taken`,
  );
  await taken.close();
});

test('topics come by nobody asking for them, and memory is enough for its cleaner', () => {
  const properties = brokerProperties({ port: 1, controllerPort: 2, directory: '/data' });
  expect(properties).toContain('auto.create.topics.enable=false\n');
  expect(properties).toContain('log.cleaner.dedupe.buffer.size=4194304\n');
  expect(properties).toContain('listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\n');
});

describe('a program that is kept', () => {
  /** Says its process id, and then listens to no signal but SIGKILL. */
  const STUBBORN = `trap '' TERM INT; echo $$ > "$1/pid"; while :; do sleep 0.1; done`;
  const options = () => ({
    program: 'sh',
    parameters: ['-c', STUBBORN, 'stubborn', directory],
    environment: process.env,
    log: join(directory, 'log'),
  });
  const pid = async () => Number(await readFile(join(directory, 'pid'), 'utf8').catch(() => '0'));
  const isAlive = (id: number) => {
    try {
      process.kill(id, 0);
      return true;
    } catch {
      return false;
    }
  };

  test('ends when it is told to, and is told of when it ends by itself', async () => {
    const kept = await keep(options());
    await expect.poll(pid).toBeGreaterThan(0);
    await kept.end('SIGKILL');
    expect(isAlive(await pid())).toBe(false);
    const short = await keep({ ...options(), parameters: ['-c', 'exit 3'] });
    expect(await short.ended).toBe(3);
    await short.end('SIGTERM');
  });

  test('ends when the process is killed that keeps it, and its directory goes', async () => {
    const removes = join(directory, 'temporary');
    await mkdir(removes);
    const keeper = fileURLToPath(new URL('../../../local/kafka/keeper.ts', import.meta.url));
    const code =
      `import { keep } from ${JSON.stringify(keeper)};` +
      `await keep({ ...${JSON.stringify({ ...options(), removes })}, environment: process.env });` +
      'setInterval(() => {}, 1000);';
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    await expect.poll(pid).toBeGreaterThan(0);
    const id = await pid();
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(id)).toBe(false);
    await expect.poll(() => existsSync(removes)).toBe(false);
  });
});
