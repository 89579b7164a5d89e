import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import {
  AssetManifestArtifact,
  CloudAssembly,
  type CloudFormationStackArtifact,
  type NestedCloudAssemblyArtifact,
  UNKNOWN_REGION,
} from 'aws-cdk-lib/cx-api';
import { z } from 'zod';
import { parseTemplate, type Template } from './template.ts';

/** The region where the template leaves it open. */
const DEFAULT_REGION = 'us-east-1';

export interface AssemblyStack {
  name: string;
  region: string;
  template: Template;
}

/** A synthesized app or, where it has stages, one of them. */
export interface Assembly {
  /** In the order in which they can be deployed. */
  stacks: readonly AssemblyStack[];
  /** Path of a file asset by the key that templates know it by (`<hash>.zip`); undefined if there is none. */
  assetPath(objectKey: string): string | undefined;
  /** Removes the files. */
  remove(): Promise<void>;
}

export interface SynthesizeOptions {
  /** The directory of the app's cdk.json. */
  project: string;
  /** The stage (`Stage` of the CDK), by its path in the app; for an app with stages, and only for that. */
  stage?: string | undefined;
  /** Context beyond cdk.json's, as `-c key=value` gives it to the CDK CLI. */
  context?: Readonly<Record<string, unknown>> | undefined;
  signal?: AbortSignal | undefined;
}

/** The app does not have the stage that was named, or none was named and it has some. */
export class StageError extends Error {
  override readonly name = 'StageError';
  /** The stages that there are. */
  readonly stages: readonly string[];

  constructor(stage: string | undefined, stages: readonly string[]) {
    const known = stages.join(', ');
    if (stage === undefined) super(`The app has stages, name one of them: ${known}`);
    else if (stages.length === 0) super(`There is no stage '${stage}': the app has no stages`);
    else super(`There is no stage '${stage}', only ${known}`);
    this.stages = stages;
  }
}

const cdkJson = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()).default({}) });

/**
 * Runs the app as the CDK CLI does, into a fresh temporary directory, and reads it, or one stage of it. Only that
 * stage's functions are bundled.
 * @throws StageError, or an Error with what the app wrote when it fails; the directory is removed then.
 */
export async function synthesize(options: SynthesizeOptions): Promise<Assembly> {
  const directory = await mkdtemp(join(tmpdir(), 'cloud-assembly-'));
  // Whatever ends the process, short of a kill, leaves nothing behind.
  const removeAtExit = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    process.off('exit', removeAtExit);
  };
  try {
    await synthesizeInto(directory, options);
    return { ...readAssembly(directory, options.stage), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The same into a directory of the caller's, who removes it. @throws Error with what the app wrote. */
export async function synthesizeInto(directory: string, options: SynthesizeOptions): Promise<void> {
  const { project, stage, context } = options;
  const settings = await readSettings(join(project, 'cdk.json'));
  await runApp(settings.app, options, {
    // Half of a synthesis, and of no use before a deployment. Whoever sets the variable has it done all the same.
    CDK_VALIDATION: process.env.CDK_VALIDATION ?? 'false',
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...settings.context,
      ...(stage !== undefined && { 'aws:cdk:bundling-stacks': [`${stage}/**`] }),
      ...context,
    }),
  });
}

/** @throws Error that names the file where it cannot be read, or names no app to run. */
async function readSettings(path: string): Promise<z.output<typeof cdkJson>> {
  const settings = cdkJson.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (settings.success) return settings.data;
  throw new Error(`${path}: ${z.prettifyError(settings.error)}`);
}

/** An assembly that stays where it is. @throws Error when there is none; StageError. */
export function openAssembly(directory: string, stage?: string): Assembly {
  return { ...readAssembly(directory, stage), remove: async () => {} };
}

/** https://docs.aws.amazon.com/cdk/v2/guide/work-with-cdk-javascript.html: the CLI runs `app` in a shell. */
function runApp(
  command: string,
  { project, signal }: SynthesizeOptions,
  variables: Record<string, string>,
): Promise<void> {
  // "node" in the command is this Node: sources in TypeScript need it, and the machine may have an older one.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(command, {
    cwd: project,
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

/** @throws StageError when the app has no such stage, or has stages and none is named */
function readAssembly(directory: string, stage: string | undefined): Omit<Assembly, 'remove'> {
  const assembly = stageOf(new CloudAssembly(directory), stage);
  const assets = fileAssets(assembly);
  return {
    stacks: assembly.stacks.map(readStack),
    assetPath: (objectKey) => assets.get(objectKey),
  };
}

/** The app itself where it has no stages. */
function stageOf(app: CloudAssembly, name: string | undefined): CloudAssembly {
  const stages = stagesIn(app);
  if (name === undefined && stages.length === 0) return app;
  const stage = stages.find(({ displayName }) => displayName === name);
  if (stage) return stage.nestedAssembly;
  throw new StageError(
    name,
    stages.map(({ displayName }) => displayName),
  );
}

/** A stage may hold stages. */
function stagesIn({ nestedAssemblies }: CloudAssembly): NestedCloudAssemblyArtifact[] {
  return nestedAssemblies.flatMap((stage) => [stage, ...stagesIn(stage.nestedAssembly)]);
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
