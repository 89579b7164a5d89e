import { describe, expect, it } from 'vitest';
import { headerOfInvocation, invocationsSoFar } from '../../local/trace-header.ts';

const requestId = '01234567-89ab-cdef-0123-456789abcdef';

function invoked(functionName: string, ...headers: (string | undefined)[]): string {
  const Records = headers.map((AWSTraceHeader) => ({ attributes: { AWSTraceHeader } }));
  return headerOfInvocation({ functionName, requestId, event: { Records } });
}

describe('the trace header', () => {
  it('has the form of one', () => {
    expect(invoked('one')).toMatch(
      /^Root=1-01234567-89abcdef0123456789abcdef;Parent=0123456789abcdef;Sampled=0;Lineage=[0-9a-f]{8}:1$/,
    );
  });

  it('counts the invocations of each function by itself', () => {
    const header = invoked('one', invoked('two', invoked('one', invoked('one'))));
    expect(invocationsSoFar(header, 'one')).toBe(3);
    expect(invocationsSoFar(header, 'two')).toBe(1);
    expect(invocationsSoFar(header, 'three')).toBe(0);
  });

  it('goes on with the longest of the chains that meet in a batch', () => {
    const twice = invoked('one', invoked('one'));
    const header = invoked('two', invoked('one'), undefined, twice, invoked('two', twice));
    expect(invocationsSoFar(header, 'one')).toBe(2);
    expect(invocationsSoFar(header, 'two')).toBe(2);
  });

  it.each([
    undefined,
    '',
    'Root=1-5759e988-bd862e3fe1be46a994272793',
    'Lineage=',
    'Lineage=nonsense|a87bd80c:-1|a87bd80c|:|a87bd80c:99999999999999999999',
  ])('begins anew behind one without a count: %s', (header) => {
    expect(invoked('one', header)).toBe(invoked('one'));
  });

  it.each([undefined, null, 'text', [], {}, { Records: 1 }, { Records: [null, 1, { attributes: null }] }])(
    'begins anew with an event that nobody sent on: %j',
    (event) => {
      expect(headerOfInvocation({ functionName: 'one', requestId, event })).toBe(invoked('one'));
    },
  );
});
