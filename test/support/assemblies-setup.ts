/**
 * Vitest's global setup: the synthesized apps that test files share (shared-assembly.ts), each made at the first question for it, by one
 * process for all (synthesizer.ts).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { listen } from '../../local/engines/running-engine.ts';
import type { SynthesisAnswer, SynthesisRequest } from './synthesizer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Who answers where an assembly lies. */
    assemblyQuestions: string;
  }
}

const program = fileURLToPath(new URL('./synthesizer.ts', import.meta.url));

/** @returns what removes them when all tests have run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const assemblies = new Assemblies(await mkdtemp(join(tmpdir(), 'assemblies-')));
  const { port, close } = await listen(questions(assemblies), 0);
  provide('assemblyQuestions', `http://127.0.0.1:${port}`);
  return async () => {
    await close();
    await assemblies.remove();
  };
}

function questions(assemblies: Assemblies): Server {
  return createServer(async (request, response) => {
    response.end(JSON.stringify(await assemblies.of(await text(request))));
  });
}

class Assemblies {
  readonly #directory: string;
  /** By what they are of. */
  readonly #made = new Map<string, Promise<SynthesisAnswer>>();
  #synthesizer: ChildProcess | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param options `SharedAssemblyOptions` as JSON @returns the same answer each time */
  of(options: string): Promise<SynthesisAnswer> {
    const made = this.#made.get(options) ?? this.#make(options);
    this.#made.set(options, made);
    return made;
  }

  async remove(): Promise<void> {
    this.#synthesizer?.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #make(options: string): Promise<SynthesisAnswer> {
    const name = createHash('sha256').update(options).digest('hex').slice(0, 16);
    const directory = join(this.#directory, name);
    this.#synthesizer ??= fork(program, {
      env: { ...process.env, CDK_VALIDATION: 'false' },
      // It answers what goes wrong; CDK writes what it bundles.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const child = this.#synthesizer;
    return new Promise((resolve) => {
      const onAnswer = (answer: SynthesisAnswer) => {
        if (answer.directory !== directory) return;
        child.off('message', onAnswer);
        resolve(answer);
      };
      child.on('message', onAnswer);
      child.once('exit', (code) => resolve({ directory, error: `The synthesizer ended with code ${code}` }));
      child.send({ directory, ...JSON.parse(options) } satisfies SynthesisRequest);
    });
  }
}
