import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openAssembly,
  StageError,
  synthesize,
  synthesizeInto,
} from '../../../local/cloudformation/assembly.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assembly-test-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('openAssembly', () => {
  const stacksOf = (stage?: string) => openAssembly(directory, stage).stacks.map(({ name }) => name);

  it('opens an app without stages, and says that it has none where one is named', () => {
    const app = new App({ outdir: directory });
    new Stack(app, 'Only');
    app.synth();
    expect(stacksOf()).toEqual(['Only']);
    expect(() => stacksOf('dev')).toThrow("There is no stage 'dev': the app has no stages");
  });

  it('opens a stage, also one of a stage, and says which there are where none or another is named', () => {
    const app = new App({ outdir: directory });
    const outer = new Stage(app, 'outer');
    new Stack(outer, 'Own');
    new Stack(new Stage(outer, 'inner'), 'Deep');
    app.synth();
    expect(stacksOf('outer')).toEqual(['outer-Own']);
    expect(stacksOf('outer/inner')).toEqual(['outer-inner-Deep']);
    expect(() => stacksOf()).toThrow('The app has stages, name one of them: outer, outer/inner');
    expect(() => stacksOf('inner')).toThrow("There is no stage 'inner', only outer, outer/inner");
    expect(() => stacksOf('inner')).toThrow(StageError);
  });
});

describe('synthesize', () => {
  const project = (app: string, context = {}) =>
    writeFile(join(directory, 'cdk.json'), JSON.stringify({ app, context }));

  it.each([
    [undefined, { a: 1, b: 3 }],
    ['dev', { a: 1, b: 3, 'aws:cdk:bundling-stacks': ['dev/**'] }],
  ])('runs the app where its cdk.json is, with its context; stage: %s', async (stage, context) => {
    await project('echo "$CDK_CONTEXT_JSON" > "$CDK_OUTDIR/context"; pwd > "$CDK_OUTDIR/pwd"', {
      a: 1,
      b: 2,
    });
    await synthesizeInto(directory, { project: directory, stage, context: { b: 3 } });
    expect(JSON.parse(await readFile(join(directory, 'context'), 'utf8'))).toEqual(context);
    expect(await readFile(join(directory, 'pwd'), 'utf8')).toContain(directory);
  });

  it('says what the app said when it fails', async () => {
    await project('echo "no such thing" >&2; exit 3');
    await expect(synthesize({ project: directory })).rejects.toThrow(
      'Synthesis failed (exit code 3):\nno such thing',
    );
  });

  it('says what is missing', async () => {
    await expect(synthesize({ project: directory })).rejects.toThrow(/ENOENT.*cdk\.json/);
    await writeFile(join(directory, 'cdk.json'), '{}');
    await expect(synthesize({ project: directory })).rejects.toThrow(/cdk\.json: .*\n.*app/);
  });
});
