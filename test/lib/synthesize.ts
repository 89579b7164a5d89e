import { rmSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { buildApp } from '../../lib/app.ts';
import { EnvironmentStage } from '../../lib/environment-stage.ts';
import { environments } from '../../lib/environments.ts';

export interface EnvironmentTemplates {
  readonly stateful: Template;
  readonly processing: Template;
  /** Of an environment that has a page. */
  readonly live?: Template;
}

/** What was synthesized in this process, by environment and overrides: test files share it, and change nothing in it. */
const synthesized = new Map<string, EnvironmentTemplates>();

/** The templates of one environment, with overrides of it as on the command line; no function is bundled. */
export function synthesize(
  environment: string,
  overrides: Record<string, unknown> = {},
): EnvironmentTemplates {
  const key = JSON.stringify([environment, overrides]);
  const known = synthesized.get(key);
  if (known) return known;
  const { stage, directory } = buildStage(environment, overrides);
  const templates = {
    stateful: Template.fromStack(stage.stateful),
    processing: Template.fromStack(stage.processing),
    ...(stage.live && { live: Template.fromStack(stage.live) }),
  };
  rmSync(directory, { recursive: true });
  synthesized.set(key, templates);
  return templates;
}

/** The stack of the page of an environment that has one. */
export function synthesizeLive(environment: string, overrides: Record<string, unknown> = {}): Template {
  const { live } = synthesize(environment, overrides);
  if (live === undefined) throw new Error(`${environment} has no page`);
  return live;
}

/** One environment of an app that has no other; the caller removes the app's output directory, which is made with it. */
export function buildStage(
  environment: string,
  overrides: Record<string, unknown> = {},
): { stage: EnvironmentStage; directory: string } {
  const { [environment]: settings } = environments;
  if (settings === undefined) throw new Error(`${environment} is not an environment`);
  const app = buildApp({ ...overrides, 'aws:cdk:bundling-stacks': [] }, { [environment]: settings });
  const stage = app.node.findChild(environment);
  if (!(stage instanceof EnvironmentStage)) throw new Error(`${environment} is not a stage`);
  return { stage, directory: app.outdir };
}

/** What `cdk` refuses the stacks of staging for, by their paths. */
export function buildErrors(overrides: Record<string, unknown>): [path: string, message: string][] {
  const { stage, directory } = buildStage('staging', overrides);
  rmSync(directory, { recursive: true });
  return stage.node
    .findAll()
    .flatMap(({ node }): [string, string][] =>
      node.metadata.flatMap(({ type, data }): [string, string][] =>
        type === 'aws:cdk:error' ? [[node.path, String(data)]] : [],
      ),
    );
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** The resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The one resource of a type whose property has the value. */
export function resource(template: Template, type: string, property: string, value: unknown): Resource {
  const found = Object.values(resources(template, type)).filter((one) => one.Properties[property] === value);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} resources ${type} have ${property} ${String(value)}`);
  }
  return first;
}
