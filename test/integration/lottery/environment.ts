import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runLottery } from '../../../cli/program.ts';
import { announce } from '../../../cli/start/announce.ts';
import { type Environment, openEnvironment } from '../../../client/environment/open.ts';
import { ownBeacon } from '../../../client/own-beacon.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import { drawnAtOnce, sharedAssembly } from '../../support/shared-assembly.ts';
import { during } from '../support/recorded-calls.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** As long as a busy machine takes: what waits comes back at once. */
export const patience = ['--timeout', '300'];

/** An environment of this machine, and the command on it. */
export class LotteryEnvironment {
  readonly runtime: Runtime;
  /** Where its file lies; what is below it goes with it. */
  readonly directory: string;
  readonly #withdraw: () => void;

  static async start(): Promise<LotteryEnvironment> {
    const directory = await mkdtemp(join(tmpdir(), 'lottery-command-'));
    const runtime = await startRuntime({ ...ownBeacon, assembly: await sharedAssembly(drawnAtOnce) });
    return new LotteryEnvironment(runtime, directory);
  }

  private constructor(runtime: Runtime, directory: string) {
    this.runtime = runtime;
    this.directory = directory;
    this.#withdraw = announce('dev', { runtime, directory, screen: { note: (line) => expect.fail(line) } });
  }

  async stop(): Promise<void> {
    this.#withdraw();
    await this.runtime.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  async lottery(argv: readonly string[], signal = new AbortController().signal): Promise<Ran> {
    const written = { stdout: '', stderr: '' };
    const options = {
      stdout: { write: (text: string) => (written.stdout += text) },
      stderr: { write: (text: string) => (written.stderr += text) },
      ...{ signal, directory: this.directory },
    };
    const code = await during.run(argv[0] ?? '', () => runLottery(argv, options));
    return { code, ...written };
  }

  /** What it prints as JSON, when it does what is asked. What it notes beside that is left out. */
  async json(...argv: string[]) {
    const { code, stdout, stderr } = await this.lottery([...argv, '--json']);
    expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  /** As the commands see it. The caller closes it. */
  open(): Promise<Environment> {
    return openEnvironment('dev', { note: (line) => expect.fail(line), directory: this.directory });
  }
}
