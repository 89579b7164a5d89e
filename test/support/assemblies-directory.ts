/** Vitest's global setup: a directory for the synthesized apps that the test files share (shared-assembly.ts). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    assembliesDirectory: string;
  }
}

/** @returns what removes it when all tests have run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'assemblies-'));
  provide('assembliesDirectory', directory);
  return () => rm(directory, { recursive: true, force: true });
}
