import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../lib/project-root.ts';
import { EnvironmentError } from './environment-error.ts';

/** Where the files of the environments lie that run on this machine. */
export const localDirectory = join(projectRoot, '.lottery');

/** Whoever can write the file is the one who reads it, but a mistake in it must not send events to another machine. */
const endpoint = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/);

const localFileSchema = z.object({
  pid: z.int().positive(),
  /** ISO 8601. */
  startedAt: z.string(),
  region: z.string().min(1),
  endpoints: z.object({
    kinesis: endpoint,
    dynamodb: endpoint,
    sqs: endpoint,
    s3: endpoint,
    /** Of Lambda's API, KMS, CloudFormation and the beacon. */
    shared: endpoint,
  }),
  /** The address of the page. */
  page: z.string().optional(),
});

/** What `npm start` leaves while it runs, so that others find it. */
export type LocalFile = z.output<typeof localFileSchema>;

/** Names of environments are parts of names on AWS; and this one becomes the name of a file. */
const environmentName = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

/**
 * Leaves the file of an environment that runs in this process. Whoever reads it has it whole, or not at all.
 * @returns removes it, unless it is another process's by then
 */
export function leaveLocalFile(environment: string, file: LocalFile, directory = localDirectory): () => void {
  const path = localPath(environment, directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const made = `${path}.${file.pid}`;
  writeFileSync(made, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(made, path);
  return () => removeLocalFile(environment, file, directory);
}

/** Removes the file if it is still that one: another process may have left its own since. */
export function removeLocalFile(
  environment: string,
  { pid, startedAt }: LocalFile,
  directory = localDirectory,
): void {
  const found = readLocalFile(environment, directory);
  if (found?.pid === pid && found.startedAt === startedAt)
    rmSync(localPath(environment, directory), { force: true });
}

/** @returns undefined where there is none, or what is there is no such file @throws as `localPath` */
export function readLocalFile(environment: string, directory = localDirectory): LocalFile | undefined {
  const path = localPath(environment, directory);
  if (!existsSync(path)) return undefined;
  try {
    return localFileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Where its file is, if there is one. @throws EnvironmentError for what can be no environment's name */
export function localPath(environment: string, directory: string): string {
  if (!environmentName.test(environment))
    throw new EnvironmentError(`--env: ${JSON.stringify(environment)} is no name of an environment`);
  return join(directory, `${environment}.json`);
}
