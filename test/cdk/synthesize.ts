import { rmSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { buildApp } from '../../lib/app.ts';
import { EnvironmentStage } from '../../lib/environment-stage.ts';

export interface EnvironmentTemplates {
  readonly stateful: Template;
  readonly processing: Template;
}

/** What was synthesized in this process, by its overrides: test files share it, and change nothing in it. */
const synthesized = new Map<string, ReadonlyMap<string, EnvironmentTemplates>>();

/** The templates of one environment, with overrides as on the command line; no function is bundled. */
export function synthesize(
  environment: string,
  overrides: Record<string, unknown> = {},
): EnvironmentTemplates {
  const key = JSON.stringify(overrides);
  const all = synthesized.get(key) ?? synthesizeAll(overrides);
  synthesized.set(key, all);
  const templates = all.get(environment);
  if (templates === undefined) throw new Error(`${environment} is not an environment`);
  return templates;
}

function synthesizeAll(overrides: Record<string, unknown>): ReadonlyMap<string, EnvironmentTemplates> {
  const app = buildApp({ ...overrides, 'aws:cdk:bundling-stacks': [] });
  const stages = app.node.children.filter((child) => child instanceof EnvironmentStage);
  const templates = stages.map(({ node, stateful, processing }): [string, EnvironmentTemplates] => [
    node.id,
    { stateful: Template.fromStack(stateful), processing: Template.fromStack(processing) },
  ]);
  rmSync(app.outdir, { recursive: true });
  return new Map(templates);
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
