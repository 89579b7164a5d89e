import { expect, it } from 'vitest';
import type { CommandContext } from '../../../cli/commands/context.ts';
import { sayOutcome } from '../../../cli/commands/waiting.ts';
import { systemClock } from '../../../local/clock.ts';

const options = { env: 'dev', wait: true, timeout: 30 };

function said(reason: string, json?: true): unknown[] {
  const printed: unknown[] = [];
  const context: CommandContext = {
    ...{ signal: new AbortController().signal, clock: systemClock, isTerminal: false },
    print: (text) => printed.push(text),
    printJson: (value) => printed.push(value),
    ...{ note: () => {}, clear: () => {}, open: () => Promise.reject(new Error('There is none')) },
  };
  const event = { type: 'EventRejectedEvent', reason, message: `It is ${reason}`, recordId: 's:1' } as const;
  sayOutcome(context, { event, arrival: 0 }, { ...options, ...(json && { json }) });
  return printed;
}

it('a put that the SDK repeated has counted: whoever took it for a failure would pay again', () => {
  expect(said('DUPLICATE_EVENT')).toEqual(['Its put was repeated on the way: it has counted, once']);
  expect(said('DUPLICATE_EVENT', true)).toMatchObject([{ reason: 'DUPLICATE_EVENT' }]);
});

it('what was rejected has not', () => {
  expect(() => said('NO_COUPON')).toThrow('It is NO_COUPON');
});
