import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../lib/project-root.ts';
import { type Assembly, synthesize } from '../local/cloudformation/assembly.ts';
import { type Bundle, deployedBundles } from './bundles.ts';
import type { Effort } from './effort.ts';
import { Generator } from './payloads/generator.ts';
import { Stub } from './stub/stub.ts';

/** The environment whose bundles are measured; the code is the same in all. */
const environment = 'prod';

/** The app of an environment, with settings as on the command line. */
export type Synthesize = (stage: string, context: Readonly<Record<string, string>>) => Promise<Assembly>;

/** What sections measure with. */
export interface BenchContext {
  readonly effort: Effort;
  readonly synthesize: Synthesize;
  readonly generator: Generator;
  readonly stub: Stub;
  /** Of all functions, as they are deployed. */
  readonly bundles: readonly Bundle[];
  readonly userEvents: Bundle;
  /** Of its own files, which are removed when it is closed. */
  readonly directory: string;
}

const asDeployed: Synthesize = (stage, context) => synthesize({ project: projectRoot, stage, context });

/** @param synthesizeApp default: as whoever deploys does, by the command of `cdk.json` */
export async function openContext(
  effort: Effort,
  synthesizeApp: Synthesize = asDeployed,
): Promise<BenchContext & { close(): Promise<void> }> {
  // With the page, which not every environment has: all functions are measured.
  const assembly = await synthesizeApp(environment, { [`${environment}:livePage`]: 'on' });
  const bundles = deployedBundles(assembly);
  const userEvents = bundles.find(({ name }) => name === 'user-events');
  if (userEvents === undefined) throw new Error('The app has no user-events function');
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeDirectory);
  const [stub, generator] = await Promise.all([Stub.start(directory), Generator.start()]);
  const close = async () => {
    stub.stop();
    generator.stop();
    removeDirectory();
    process.off('exit', removeDirectory);
    await assembly.remove();
  };
  return { effort, synthesize: synthesizeApp, generator, stub, bundles, userEvents, directory, close };
}
