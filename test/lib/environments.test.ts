import { describe, expect, it } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { environments } from '../../lib/environments.ts';
import { type EnvironmentTemplates, resources, synthesize } from './synthesize.ts';

/** As if the environment were dev. The hash of code that was not bundled says nothing. */
function withNameOfDev(part: unknown, environment: string): unknown {
  const text = JSON.stringify(part).replace(/[0-9a-f]{64}/g, 'HASH');
  return JSON.parse(text.replace(new RegExp(`\\b${environment}\\b`, 'g'), 'dev'));
}

function asDev({ stateful, processing }: EnvironmentTemplates, environment: string): unknown {
  return withNameOfDev([stateful.toJSON(), processing.toJSON()], environment);
}

const { dev: _, ...others } = environments;

/** So that what was tried out in one environment holds for the others. */
describe.each(Object.entries(others))('the environment %s', (environment, settings) => {
  it('is dev with its own name and settings, and nothing else', () => {
    const overrides = Object.entries(settings).map(([name, value]) => [`dev:${name}`, value]);
    const dev = synthesize('dev', Object.fromEntries(overrides));
    expect(asDev(synthesize(environment), environment)).toEqual(asDev(dev, 'dev'));
  });

  it('has the dashboard of dev: none of its settings shows there', () => {
    const [own, ofDev] = [environment, 'dev'].map((name) => {
      const { processing } = synthesize(name);
      return withNameOfDev(resources(processing, 'AWS::CloudWatch::Dashboard'), name);
    });
    expect(own).toEqual(ofDev);
  });
});

describe('production', () => {
  it('has the time that it takes to repair a function, and to find out what happened', () => {
    expect(environments.prod).toMatchObject({ retentionHours: 7 * 24, logRetentionDays: 365 });
  });
});

describe('the app', () => {
  const stagesOf = (...patterns: string[]) =>
    buildApp({ 'aws:cdk:bundling-stacks': patterns })
      .node.children.map(({ node }) => node.id)
      .filter((id) => Object.hasOwn(environments, id));

  it.each([
    { patterns: ['dev/**'], stages: ['dev'] },
    // Who types that may be shown what else there is.
    { patterns: ['dve/**'], stages: Object.keys(environments) },
    { patterns: ['dev/**', 'prod/**'], stages: Object.keys(environments) },
  ])('has the one environment alone whose functions are bundled: $patterns', ({ patterns, stages }) => {
    expect(stagesOf(...patterns)).toEqual(stages);
  });
});
