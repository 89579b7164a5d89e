import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { environments } from '../../lib/environments.ts';
import { resolveEnvironments } from '../../lib/resolve-settings.ts';
import type { Settings } from '../../lib/settings.ts';
import { physicalName } from './references.ts';
import { type EnvironmentTemplates, type Resource, synthesize, synthesizeLive } from './synthesize.ts';

/**
 * What must not change by accident, one line each, so that a reviewer can read what a change does to an environment:
 * a resource that has another logical id or physical name is a new one, and the old one is deleted or kept by its
 * policies; and the settings in force, as a new default is the new value of every environment that has none of its own.
 */
function summary(settings: Settings, { stateful, processing, live }: EnvironmentTemplates): string {
  return [
    '# settings',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    '',
    '# stateful stack: type, deletion and replacement policy, logical id, physical name',
    ...resourceLines(stateful.toJSON().Resources),
    '',
    '# processing stack',
    ...resourceLines(processing.toJSON().Resources),
    '',
    ...(live ? ['# live stack', ...resourceLines(live.toJSON().Resources, widthsOfLive), ''] : []),
  ].join('\n');
}

/** Of type and logical id, those of the longest: a new resource moves no other line. */
const widths = { type: 31, id: 58 };
const widthsOfLive = { type: 38, id: 96 };

function resourceLines(resources: Record<string, Resource>, { type, id: ofId } = widths): string[] {
  const lines = Object.entries(resources).map(([id, resource]) => {
    const { Type, DeletionPolicy = '-', UpdateReplacePolicy = '-' } = resource;
    const policies = `${DeletionPolicy}/${UpdateReplacePolicy}`;
    return `${Type.padEnd(type)} ${policies.padEnd(27)} ${id.padEnd(ofId)} ${physicalName(resource) ?? '-'}`;
  });
  return lines.toSorted();
}

/**
 * Content hashes change with every edit of a function: what is deployed is the function tests' subject. The key of
 * the page expires by the month: live.test.ts. The tags are the same on everything: tags.test.ts.
 */
function readable(template: object): string {
  const text = JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'HASH');
  const redacted: unknown = JSON.parse(text, (key, value) =>
    key === 'Tags' ? undefined : key === 'Expires' ? 'BY MONTH' : value,
  );
  return stringify(redacted, { lineWidth: 0 });
}

describe.each(Object.entries(environments))('environment %s', (environment, settings) => {
  it('has these settings and resources', async () => {
    await expect(summary(settings, synthesize(environment))).toMatchFileSnapshot(
      `snapshots/${environment}.txt`,
    );
  });
});

/** Of the settings alone with which it is another one: what is there of resources, and what is not. */
describe('environment staging with topics of Kafka', () => {
  it('has these settings and resources', async () => {
    const overrides = {
      'staging:connector': 'kafka',
      'staging:kafkaBootstrapServers': 'b-1.example:9096',
      'staging:kafkaAuth': 'scram',
      'staging:kafkaSecretArn': 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:kafka-AbCdEf',
    };
    const settings = resolveEnvironments(environments, overrides).get('staging');
    if (settings === undefined) throw new Error('There is no environment staging');
    await expect(summary(settings, synthesize('staging', overrides))).toMatchFileSnapshot(
      'snapshots/staging-kafka.txt',
    );
  });
});

/** The whole of one: how another may differ from it is said by environments.test.ts. */
describe('the templates of dev', () => {
  const { stateful, processing } = synthesize('dev');
  const live = synthesizeLive('dev');

  it.each(Object.entries({ stateful, processing, live }))('are as they were: %s', async (stack, template) => {
    await expect(readable(template.toJSON())).toMatchFileSnapshot(`snapshots/dev.${stack}.yaml`);
  });
});
