import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { View } from '../../../cli/view/view.ts';
import type { OutputEvent } from '../../../client/output-events.ts';
import { systemClock } from '../../../local/clock.ts';
import type { EventSourceMapping } from '../../../local/event-source-mapping/index.ts';
import { LimitedHost } from '../../../local/limited-host.ts';
import { started } from './support.ts';

const OTHER_SCREEN = '\u001b[?1049h';
const FIRST_SCREEN = '\u001b[?1049l';
const SHOW_CURSOR = '\u001b[?25h';

/** A terminal that keeps what is written on it. */
function terminal() {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
    ...{ ref() {}, unref() {} },
  });
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80, rows: 24 });
  const written: string[] = [];
  stdout.on('data', (text: string) => written.push(text));
  return { stdin, stdout, modes, text: () => written.join('') };
}

function mapping(functionName: string): EventSourceMapping {
  let state: 'Enabled' | 'Disabled' = 'Enabled';
  return {
    id: functionName,
    async disable() {
      state = 'Disabled';
    },
    enable() {
      state = 'Enabled';
    },
    status: () => ({
      ...{ id: functionName, functionName, sourceArn: 'a', state, caughtUp: true, caughtUpTo: 0 },
      ...{ behindMs: 0, openWindows: 0, inFlight: 0, unfinished: 0, shards: 1 },
    }),
    async drained() {},
    async stop() {},
  };
}

async function opened() {
  const draw = mapping('dev-draw');
  const outputs = { LotteryEventsOutputStreamName: 'lottery-out' };
  const host = new LimitedHost({ coldStarts: 0, async invoke() {}, async kill() {}, async close() {} });
  const functions = new Map([['dev-draw', { host, variables: {} }]]);
  const runtime = { mappings: new Map([['dev-draw', [draw]]]), functions, outputs };
  const view = new View({ environment: 'dev', runtime, clock: systemClock });
  const data = Buffer.from(
    JSON.stringify(started({ lotteryId: 'promo', firstWindowStart: systemClock.now() })),
  );
  const place = { shardId: 's', sequenceNumber: '1', partitionKey: '1', arrival: 0 };
  view.show({ stream: 'lottery-out', data, ...place });
  const on = terminal();
  const sent: object[] = [];
  const quit = vi.fn();
  const outcome: OutputEvent = {
    type: 'LotteryStoppedEvent',
    lotteryId: 'promo',
    run: 1,
    lastWindowStart: 0,
    recordId: 's:1',
  };
  const send = async (event: object) => {
    sent.push(event);
    return outcome;
  };
  await view.open(on, { send, quit });
  const sees = (text: string) => vi.waitFor(() => expect(on.text()).toContain(text), { timeout: 20_000 });
  await sees('promo');
  return { view, on, sent, quit, draw, host, sees };
}

describe('the view on a terminal', () => {
  it('does what keys say, and tells what came of it', async () => {
    const { view, on, sent, draw, sees } = await opened();
    on.stdin.write('x');
    await sees('Stop lottery promo?');
    on.stdin.write('y');
    await sees('lottery promo was stopped');
    expect(sent).toEqual([{ type: 'LotteryStopEvent', lotteryId: 'promo', eventId: expect.any(String) }]);
    on.stdin.write('p');
    await sees('1 draw');
    on.stdin.write('1');
    await sees('dev-draw is paused');
    expect(draw.status().state).toBe('Disabled');
    await view.close();
  });

  it('shows that lottery pause has paused the draw, and has it go on', async () => {
    const { view, on, draw, host, sees } = await opened();
    host.reservedConcurrency = 0;
    await sees('paused');
    on.stdin.write('p');
    await sees('1 draw');
    on.stdin.write('1');
    await sees('dev-draw goes on');
    expect(host.isThrottled).toBe(false);
    expect(draw.status().state).toBe('Enabled');
    await view.close();
  });

  it.each([['q'], ['\u0003']])('ends with %j, and leaves the terminal as it was', async (key) => {
    const { view, on, quit } = await opened();
    expect(on.text()).toContain(OTHER_SCREEN);
    on.stdin.write(key);
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce(), { timeout: 20_000 });
    await view.close();
    await view.close();
    expect(on.text().lastIndexOf(FIRST_SCREEN)).toBeGreaterThan(on.text().lastIndexOf(OTHER_SCREEN));
    expect(on.text()).toContain(SHOW_CURSOR);
    expect(on.modes).toEqual([true, false]);
  });

  it('is drawn anew when the terminal has another size', async () => {
    const { view, on, sees } = await opened();
    Object.assign(on.stdout, { columns: 60 });
    on.stdout.emit('resize');
    await sees('Too small: 72x18 at least, this is 60x24');
    await view.close();
  });
});
