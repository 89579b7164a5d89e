import { openStreams } from '../streams/open.ts';
import type { OuterStreams } from '../streams/outer-streams.ts';
import { deployedClients, type EnvironmentClients, localClients } from './clients.ts';
import { EnvironmentError } from './environment-error.ts';
import { findLocal } from './find-local.ts';
import { type LocalFile, localDirectory } from './local-file.ts';
import { outputsOf } from './outputs.ts';

export type { EnvironmentClients } from './clients.ts';

/** An environment that runs: on this machine, or deployed. */
export interface Environment {
  readonly name: string;
  readonly isLocal: boolean;
  readonly region: string;
  readonly clients: EnvironmentClients;
  /** Those that it shares with the world: of Kinesis or of Kafka. */
  readonly streams: OuterStreams;
  /** Of all its stacks, by name: the physical names of what is in it. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The file that `npm start` left; absent where it is deployed. */
  readonly local?: LocalFile;
  /** Closes the clients' connections. */
  close(): void;
}

export interface OpenOptions {
  /** Where the files of local environments lie. Default: `.lottery` of the project. */
  directory?: string;
  /** Told, in a line, what is not as it was. */
  note?: (line: string) => void;
}

/**
 * The environment of that name: the one that runs on this machine, if there is one, else the deployed one, with the
 * AWS SDK's own credentials and region.
 * @throws EnvironmentError, in a line, where there is neither, or it cannot be reached
 */
export async function openEnvironment(
  name: string,
  { directory = localDirectory, note = () => {} }: OpenOptions = {},
): Promise<Environment> {
  const local = await findLocal(name, { directory, note });
  const { clients, destroy } = local ? localClients(local) : deployedClients();
  try {
    const region = local?.region ?? (await regionOf(name, clients));
    const outputs = await outputsOf(name, clients.cloudFormation).catch((error: unknown) => {
      throw new EnvironmentError(reasonOf(error, { name, region, local }), { cause: error });
    });
    const streams = await openStreams(outputs, clients.kinesis);
    return {
      ...{ name, isLocal: local !== undefined, region, clients, streams, outputs },
      ...(local && { local }),
      close() {
        // What cannot be closed any more is closed.
        streams.close().catch(() => {});
        destroy();
      },
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

const notHere = (name: string) => `No environment ${name} runs on this machine (npm start -- --env ${name})`;

async function regionOf(name: string, { cloudFormation }: EnvironmentClients): Promise<string> {
  try {
    return await cloudFormation.config.region();
  } catch (error) {
    throw new EnvironmentError(
      `${notHere(name)}, and for a deployed one there is no region: set AWS_REGION or AWS_DEFAULT_REGION`,
      { cause: error },
    );
  }
}

interface Asked {
  name: string;
  region: string;
  local: LocalFile | undefined;
}

function reasonOf(error: unknown, { name, region, local }: Asked): string {
  const message = messageOf(error);
  if (local !== undefined) return `${name} on this machine (process ${local.pid}): ${message}`;
  if (error instanceof EnvironmentError) return `${notHere(name)}, and in ${region} ${message}`;
  if (error instanceof Error && /Credential/.test(error.name))
    return `${notHere(name)}, and for the one in ${region} there are no credentials: ${message}`;
  return `${notHere(name)}, and the one in ${region} cannot be reached: ${message}`;
}

/** Some of the SDK's messages have several lines, or none. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return (error.message || code || error.name).replace(/\s*\n\s*/g, ' ');
}
