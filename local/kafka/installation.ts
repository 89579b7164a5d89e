import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDirectory } from '../make-directory.ts';
import { brokerProperties } from './broker-properties.ts';
import { checkJava, type Environment, fetchJars, runJava } from './tools.ts';

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
/** Any will do: clusters of several brokers tell each other apart by it. */
const CLUSTER_ID = 'bG9jYWwtcnVudGltZS1rYQ';

/** What every broker of this user is started from. */
export interface Installation {
  /** For `java -cp`. */
  classPath: string;
  /** A formatted directory, to be copied: formatting costs two seconds of a core, and knows no port. */
  formatted: string;
}

/**
 * The installation in the user's cache, made where it is not there: that takes Maven and a network, once.
 * Several processes may do so at a time: it is there as a whole or not at all, and who comes second throws its own away.
 * @throws KafkaError without Java, or where it must be made and cannot be
 */
export async function installation(environment: Environment): Promise<Installation> {
  await checkJava(environment);
  const pom = await readFile(POM);
  const name = `kafka-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`;
  const directory = join(cacheOf(environment), 'local-runtime', name);
  if (!existsSync(directory)) await make(directory, environment);
  return { classPath: join(directory, 'jars', '*'), formatted: join(directory, 'formatted') };
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheOf({ XDG_CACHE_HOME, HOME }: Environment): string {
  return XDG_CACHE_HOME || join(HOME || homedir(), '.cache');
}

async function make(directory: string, environment: Environment): Promise<void> {
  makeDirectory(dirname(directory));
  const beside = await mkdtemp(`${directory}-`);
  try {
    await fetchJars(POM, join(beside, 'jars'), environment);
    await format(beside, environment);
    await rename(beside, directory);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

async function format(directory: string, environment: Environment): Promise<void> {
  const properties = join(directory, 'format.properties');
  const data = join(directory, 'formatted');
  await writeFile(properties, brokerProperties({ port: 9092, controllerPort: 9093, directory: data }));
  const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties];
  await runJava(['-XX:TieredStopAtLevel=1', '-cp', join(directory, 'jars', '*'), ...tool], environment);
  await rm(properties);
}
