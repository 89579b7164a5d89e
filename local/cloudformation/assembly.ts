import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AssetManifestArtifact,
  CloudAssembly,
  type CloudFormationStackArtifact,
  UNKNOWN_REGION,
} from 'aws-cdk-lib/cx-api';
import { z } from 'zod';
import { parseTemplate, type Template } from './template.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The region where the template leaves it open. */
const DEFAULT_REGION = 'us-east-1';

export interface AssemblyStack {
  name: string;
  region: string;
  template: Template;
}

/** One environment of a synthesized app. */
export interface Assembly {
  /** In the order in which they can be deployed. */
  stacks: readonly AssemblyStack[];
  /** Path of a file asset by the key that templates know it by (`<hash>.zip`); undefined if there is none. */
  assetPath(objectKey: string): string | undefined;
  /** Removes the files. */
  remove(): Promise<void>;
}

export interface SynthesizeOptions {
  environment: string;
  /** Context beyond cdk.json's, as `-c key=value` gives it to the CDK CLI. */
  context?: Readonly<Record<string, unknown>> | undefined;
  signal?: AbortSignal | undefined;
}

const cdkJson = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()).default({}) });

/**
 * Runs the app as the CDK CLI does, into a fresh temporary directory, and reads one environment of it. Only
 * that environment's functions are bundled.
 * @throws Error with what the app wrote when it fails; the directory is removed then.
 */
export async function synthesize(options: SynthesizeOptions): Promise<Assembly> {
  const directory = await mkdtemp(join(tmpdir(), 'lottery-streams-'));
  // Whatever ends the process, short of a kill, leaves nothing behind.
  const removeAtExit = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    process.off('exit', removeAtExit);
  };
  try {
    await synthesizeInto(directory, options);
    return { ...readAssembly(directory, options.environment), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The same into a directory of the caller's, who removes it. @throws Error with what the app wrote. */
export async function synthesizeInto(
  directory: string,
  { environment, context, signal }: SynthesizeOptions,
): Promise<void> {
  const settings = cdkJson.parse(JSON.parse(await readFile(join(projectRoot, 'cdk.json'), 'utf8')));
  await runApp(settings.app, signal, {
    // Half of a synthesis, and of no use before a deployment. Whoever sets the variable has it done all the same.
    CDK_VALIDATION: process.env.CDK_VALIDATION ?? 'false',
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...settings.context,
      'aws:cdk:bundling-stacks': [`${environment}/**`],
      ...context,
    }),
  });
}

/** An assembly that stays where it is. @throws Error when there is none, or no such environment in it. */
export function openAssembly(directory: string, environment: string): Assembly {
  return { ...readAssembly(directory, environment), remove: async () => {} };
}

/** https://docs.aws.amazon.com/cdk/v2/guide/work-with-cdk-javascript.html: the CLI runs `app` in a shell. */
function runApp(
  command: string,
  signal: AbortSignal | undefined,
  variables: Record<string, string>,
): Promise<void> {
  // "node" in the command is this Node: sources in TypeScript need it, and the machine may have an older one.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(command, {
    cwd: projectRoot,
    env: { ...process.env, PATH: path, ...variables },
    shell: true,
    // A process group of its own, so that the shell and what it started can be ended together.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const output: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data));
  child.stderr.on('data', (data: Buffer) => output.push(data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', kill);
      if (code === 0) return resolve();
      reject(
        new Error(`Synthesis failed (exit code ${code}):\n${Buffer.concat(output).toString().trimEnd()}`),
      );
    });
  });
}

/**
 * Reads the stage of an environment from a cloud assembly.
 * @throws Error when there is no such stage.
 */
export function readAssembly(directory: string, environment: string): Omit<Assembly, 'remove'> {
  const app = new CloudAssembly(directory);
  const stage = app.nestedAssemblies.find((nested) => nested.displayName === environment);
  if (!stage) {
    const known = app.nestedAssemblies.map((nested) => nested.displayName).join(', ');
    throw new Error(`There is no environment '${environment}', only ${known}`);
  }
  const { nestedAssembly } = stage;
  const assets = fileAssets(nestedAssembly);
  return {
    stacks: nestedAssembly.stacks.map(readStack),
    assetPath: (objectKey) => assets.get(objectKey),
  };
}

function readStack(stack: CloudFormationStackArtifact): AssemblyStack {
  const { region } = stack.environment;
  return {
    name: stack.stackName,
    region: region === UNKNOWN_REGION ? DEFAULT_REGION : region,
    template: parseTemplate(stack.stackName, JSON.parse(readFileSync(stack.templateFullPath, 'utf8'))),
  };
}

/** Where each asset that would be uploaded lies, by its key in the assets bucket. */
function fileAssets(assembly: CloudAssembly): Map<string, string> {
  const paths = new Map<string, string>();
  for (const artifact of assembly.artifacts) {
    if (!AssetManifestArtifact.isAssetManifestArtifact(artifact)) continue;
    for (const { source, destinations } of Object.values(artifact.contents.files ?? {})) {
      if (source.path === undefined) continue;
      const path = resolve(dirname(artifact.file), source.path);
      for (const { objectKey } of Object.values(destinations)) paths.set(objectKey, path);
    }
  }
  return paths;
}
