import { statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type FunctionName, functionVariables } from '../lambda/contract/variables.ts';
import { bundle } from '../lib/bundling/bundle.ts';
import type { Assembly } from '../local/cloudformation/assembly.ts';

/** A function's code as the synthesized app would deploy it. */
export interface Bundle {
  readonly name: FunctionName;
  /** Path of the module. */
  readonly path: string;
  readonly bytes: number;
}

const functionSchema = z.object({
  FunctionName: z.string(),
  Code: z.object({ S3Key: z.string() }),
});

/** @throws Error when the assembly lacks a function */
export function deployedBundles(assembly: Assembly): Bundle[] {
  const functions = assembly.stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .flatMap(({ Properties }) => {
      const parsed = functionSchema.safeParse(Properties);
      return parsed.success ? [parsed.data] : [];
    });
  return (Object.keys(functionVariables) as FunctionName[]).map((name) => {
    const found = functions.find(({ FunctionName }) => FunctionName.endsWith(`-${name}`));
    const directory = found && assembly.assetPath(found.Code.S3Key);
    if (directory === undefined) throw new Error(`The app has no bundle of ${name}`);
    const path = join(directory, 'index.mjs');
    return { name, path, bytes: statSync(path).size };
  });
}

/** Bundles a module as functions are. @param path of the source @returns that of the bundle, in `directory` */
export function bundleOf(path: string, directory: string): string {
  const name = basename(path, '.ts');
  const outfile = join(directory, `${name}.mjs`);
  for (const file of bundle([{ in: path, out: name }])) {
    if (file.path.endsWith('.mjs')) writeFileSync(outfile, file.contents);
  }
  return outfile;
}
