import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const folder = import.meta.dirname;
const oldestJava = 17;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why the job cannot run here: nothing that is wrong with it. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

/**
 * Compiles the job into `target/`. Maven keeps what it fetches where it always does.
 * @returns its class path
 * @throws NotHere without Java or Maven, or where Maven cannot fetch
 */
export async function build(): Promise<string> {
  const { stderr } = await run('java', ['-version']);
  const version = javaVersion(stderr);
  if (!(version >= oldestJava))
    throw new NotHere(`Java ${oldestJava} or newer is needed, this is ${version}`);
  const jars = join(folder, 'target', 'classpath');
  const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${jars}`];
  const maven = await run('mvn', ['-B', '-q', '-f', join(folder, 'pom.xml'), ...goals]);
  if (maven.code !== 0) throw mavenError(maven.stdout + maven.stderr);
  return [join(folder, 'target', 'classes'), (await readFile(jars, 'utf8')).trim()].join(delimiter);
}

/** Its major version, of what `java -version` prints. @returns NaN where it says none */
export function javaVersion(text: string): number {
  return Number(/version "(\d+)/.exec(text)?.[1]);
}

/** A job that does not compile is an error; a Maven that has no network is not. */
export function mavenError(output: string): Error {
  const first = /\[ERROR\] (.*)/.exec(output)?.[1] ?? output.trim().split('\n')[0];
  return output.includes('COMPILATION ERROR') ? new Error(output) : new NotHere(`Maven failed: ${first}`);
}

/**
 * Its standard input stays open as long as this process lives: the job ends with it.
 * @throws NotHere when there is no such program
 */
export function run(program: string, parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new NotHere(`There is no ${program} on the PATH`) : error),
    );
    child.once('close', (code) => resolve({ code, ...texts }));
  });
}
