import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeDirectory } from '../make-directory.ts';
import { refuseStrangers } from './strangers.ts';

/** The only address an engine listens on: nobody else on the network may talk to it. */
export const ENGINE_HOST = '127.0.0.1';

export interface EngineOptions {
  /** TCP port; 0 takes a free one. */
  port: number;
  /** Directory where the engine keeps its data over restarts; in memory without it. */
  dataDir?: string | undefined;
}

/** An engine inside its thread. */
export interface RunningEngine {
  port: number;
  /** Closes the server and, with a data directory, the store. */
  close(): Promise<void>;
}

/** The engine's own directory in the data directory, made if it is not there. */
export function engineDirectory(dataDir: string, engine: string): string {
  const directory = join(dataDir, engine);
  makeDirectory(directory);
  return directory;
}

/**
 * Listens on the loopback address, to what is of this machine.
 * @throws the server's own error, with the code EADDRINUSE when the port is taken.
 */
export async function listen(server: Server, port: number): Promise<RunningEngine> {
  refuseStrangers(server);
  keepConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ENGINE_HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

/**
 * Never closes an idle connection. Node's default of 5 s closes some just as a client uses them again, which is a
 * broken call ("socket hang up") that nobody asked for.
 */
function keepConnections(server: Server): void {
  server.keepAliveTimeout = 0;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    // Clients keep their connections open; close() alone would wait for them.
    server.closeAllConnections();
  });
}
