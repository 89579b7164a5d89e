import { App, Validations } from 'aws-cdk-lib';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdk from '../cdk.json' with { type: 'json' };
import { EnvironmentStage } from './environment-stage.ts';
import { environments } from './environments.ts';
import { resolveEnvironments } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

/**
 * The app with all environments, not yet synthesized.
 *
 * The feature flags of cdk.json hold for every caller, those too that are not the `cdk` command: what the
 * tests check and the local runtime plays is what is deployed.
 * @param context what `-c` gives on the command line, for callers that have none (tests).
 * @param all the environments, if not those of environments.ts
 * @throws SettingsError when a setting is unknown or outside its limits.
 */
export function buildApp(
  context: Record<string, unknown> = {},
  all: Readonly<Record<string, Settings>> = environments,
): App {
  const app = new App({
    // Synthesized by the caller: an app that failed half-way must leave no assembly behind.
    autoSynth: false,
    // CDK's usage metadata would be one more resource and a condition on the region in every template.
    analyticsReporting: false,
    context: {
      ...cdk.context,
      // CDK checks each template against the resource schemas of CloudFormation; what it finds is an error.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      ...context,
    },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const resolved = resolveEnvironments(all, app.node.getAllContext());
  const only = onlyStage(app);
  for (const [name, settings] of resolved) {
    if (only === undefined || only === name || !resolved.has(only)) new EnvironmentStage(app, name, settings);
  }
  return app;
}

/** Whoever wants the functions of all stacks of one stage bundled looks at no other: a third of the work. */
function onlyStage(app: App): string | undefined {
  const patterns: unknown = app.node.tryGetContext(BUNDLING_STACKS);
  if (!Array.isArray(patterns) || patterns.length !== 1) return undefined;
  return /^([^*/]+)\/\*\*$/.exec(String(patterns[0]))?.[1];
}
