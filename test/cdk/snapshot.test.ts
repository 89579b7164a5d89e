import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { synthesize } from './synthesize.ts';

/** Content hashes change with every edit of a function: what is deployed is the function tests' subject. */
function redact(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'HASH'));
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
