import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortTakenError } from '../engines/engine.ts';
import { ENGINE_HOST, engineDirectory, listen } from '../engines/running-engine.ts';
import { brokerProperties } from './broker-properties.ts';
import { type Installation, installation } from './installation.ts';
import { KafkaError } from './kafka-error.ts';
import { type Kept, keep } from './keeper.ts';
import type { Environment } from './tools.ts';

/** A heap that it starts and works with; compiled a little, and soon: it never runs long enough for more. */
const JVM = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];
const LOOK_EVERY_MS = 50;
/** Against hanging only: it takes two seconds, and a busy machine ten times as long. */
const PATIENCE_MS = 120_000;
/** Between the look for a free port and the broker's own somebody else may take it. */
const TRIES = 3;
const TAKEN = /Address already in use|Failed to acquire lock/;

export interface BrokerOptions {
  /** 0 takes a free one. */
  port: number;
  /** Where data is kept over restarts, in a directory of the broker's own; without it in a temporary one that goes with it. */
  dataDir?: string | undefined;
  /** Called when the broker ends although nobody stopped it. */
  onFailure(error: Error): void;
  /** Default: this process's. */
  environment?: Environment;
}

/** A running broker. */
export interface Broker {
  /** `127.0.0.1:<port>` */
  bootstrapServers: string;
  /** What it writes, of warnings and errors. */
  log: string;
  /** In order where its data is kept, so that the next start need not recover it; at once where it is not. */
  stop(): Promise<void>;
}

/**
 * Starts Apache Kafka, and returns when it takes clients.
 * @throws KafkaError in a line: without Java or Maven, or with what the broker said when it ended; PortTakenError
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { port, dataDir, environment = process.env } = options;
  if (port !== 0) await checkPort(port);
  const installed = await installation(environment);
  const isKept = dataDir !== undefined;
  const directory = isKept ? engineDirectory(dataDir, 'kafka') : await mkdtemp(join(tmpdir(), 'kafka-'));
  const remove = async () => {
    if (!isKept) await rm(directory, { recursive: true, force: true });
  };
  try {
    const started = await firstThatStarts({ ...options, environment, installed, directory, isKept });
    return { ...started, stop: () => started.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Start = BrokerOptions & {
  environment: Environment;
  installed: Installation;
  directory: string;
  isKept: boolean;
};

async function firstThatStarts(start: Start): Promise<Broker> {
  for (let tries = 1; ; tries += 1) {
    const ports = await freePorts(start.port);
    const running = await launch(start, ports);
    const end = await Promise.race([running.kept.ended, listening(ports.port, running.given)]);
    running.given.abort();
    if (end === 'listening') return broker(start, ports.port, running);
    const error = await lastError(running.log);
    if (typeof end === 'number' && tries < TRIES && TAKEN.test(error)) {
      // A broker that was killed with its process may not be gone yet, and has the lock of its directory.
      await sleep(LOOK_EVERY_MS * 10);
      continue;
    }
    await running.kept.end('SIGKILL');
    throw new KafkaError(`Apache Kafka did not start: ${error}${whereLog(start, running.log)}`);
  }
}

interface Launched {
  kept: Kept;
  log: string;
  /** Aborted when nobody waits for its port any more. */
  given: AbortController;
}

async function launch(start: Start, ports: { port: number; controllerPort: number }): Promise<Launched> {
  const { directory, installed, environment, isKept } = start;
  const data = join(directory, 'data');
  if (!existsSync(join(data, 'meta.properties'))) await cp(installed.formatted, data, { recursive: true });
  const properties = join(directory, 'server.properties');
  const log = join(directory, 'broker.log');
  await writeFile(properties, brokerProperties({ ...ports, directory: data }));
  await rm(log, { force: true });
  const kept = await keep({
    program: 'java',
    parameters: [...JVM, ...LOGGING, '-cp', installed.classPath, 'kafka.Kafka', properties],
    environment: { ...environment, LC_ALL: 'C' },
    log,
    removes: isKept ? undefined : directory,
  });
  return { kept, log, given: new AbortController() };
}

function broker(start: Start, port: number, { kept, log }: Launched): Broker {
  let stopping = false;
  void kept.ended.then(async (code) => {
    if (stopping) return;
    const error = await lastError(log);
    start.onFailure(new KafkaError(`Apache Kafka ended with code ${code}: ${error}${whereLog(start, log)}`));
  });
  return {
    bootstrapServers: `${ENGINE_HOST}:${port}`,
    log,
    async stop() {
      stopping = true;
      await kept.end(start.isKept ? 'SIGTERM' : 'SIGKILL');
    },
  };
}

/** A temporary directory goes with the broker, and its log with it. */
function whereLog({ isKept }: Start, log: string): string {
  return isKept ? ` (all of it: ${log})` : '';
}

/** What it said last of an error; in a log of warnings that is the reason. */
async function lastError(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => / (ERROR|FATAL) |Exception|^Error/.test(line));
  return (errors.at(-1) ?? lines.at(-1) ?? 'it said nothing').trim();
}

async function checkPort(port: number): Promise<void> {
  const probe = await probeOf(port);
  await probe.close();
}

/** The one that is wanted, or free ones. */
async function freePorts(wanted: number): Promise<{ port: number; controllerPort: number }> {
  const probes = [await probeOf(wanted), await probeOf(0)] as const;
  await Promise.all(probes.map((probe) => probe.close()));
  return { port: probes[0].port, controllerPort: probes[1].port };
}

/** @throws PortTakenError */
function probeOf(port: number) {
  return listen(createServer(), port).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTakenError(port, 'Apache Kafka') : error;
  });
}

async function listening(port: number, { signal }: AbortController): Promise<'listening' | 'given up'> {
  const until = Date.now() + PATIENCE_MS;
  while (!signal.aborted && Date.now() < until) {
    if (await accepts(port)) return 'listening';
    await sleep(LOOK_EVERY_MS);
  }
  return 'given up';
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, ENGINE_HOST);
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
