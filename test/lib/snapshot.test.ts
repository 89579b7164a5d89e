import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { synthesize } from './synthesize.ts';

/**
 * Content hashes change with every edit of a function: what is deployed is the function tests' subject. The tags are the
 * same on everything: tags.test.ts.
 */
function redact(template: object): unknown {
  const text = JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'HASH');
  return JSON.parse(text, (key, value) => (key === 'Tags' ? undefined : value));
}

describe.each(Object.keys(environments))('environment %s', (environment) => {
  const templates = synthesize(environment);

  it('has this stateful stack', () => {
    expect(redact(templates.stateful.toJSON())).toMatchSnapshot();
  });

  it('has this processing stack', () => {
    expect(redact(templates.processing.toJSON())).toMatchSnapshot();
  });
});
