import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../../cli/start/screen.ts';

const CLEAR = '\r\u001b[K';

/** Both streams are one terminal: what it gets, in order. */
function terminal(properties: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  const output = () => {
    const stream = Object.assign(new PassThrough({ decodeStrings: false, encoding: 'utf8' }), properties);
    stream.on('data', (text: string) => written.push(text));
    return stream;
  };
  const screen = new Screen({ json: false, stdout: output(), stderr: output() });
  return { screen, written };
}

const record = {
  ...{ stream: 's', shardId: 's', sequenceNumber: '1', partitionKey: '1', arrival: 0 },
  data: Buffer.from('{"type":"LotteryEndedEvent","lotteryId":1,"run":1,"seed":"ab"}'),
};

describe('the status line', () => {
  it('replaces the one before', () => {
    const { screen, written } = terminal({ isTTY: true, columns: 80 });
    screen.status('1 line read');
    screen.status('2 lines read');
    expect(written).toEqual([`${CLEAR}1 line read`, `${CLEAR}2 lines read`]);
  });

  it('is cleared once by whatever comes next', () => {
    const { screen, written } = terminal({ isTTY: true, columns: 80 });
    const next = [
      ['done\n', () => screen.note('done')],
      ['hello\n', () => screen.say('hello')],
      [expect.stringMatching(/^00:00:00\.000 {2}.+\n$/), () => screen.show(record)],
    ] as const;
    for (const [text, write] of next) {
      written.length = 0;
      screen.status('1 line read');
      write();
      screen.note('after');
      expect(written).toEqual([`${CLEAR}1 line read`, CLEAR, text, 'after\n']);
    }
  });

  it('is cut off before the last column, so that no terminal wraps it', () => {
    const shown = (columns: number) => {
      const { screen, written } = terminal({ isTTY: true, columns });
      screen.status('x'.repeat(200));
      return (written[0] ?? '').length - CLEAR.length;
    };
    expect([shown(80), shown(20), shown(1)]).toEqual([79, 19, 0]);
    // What a terminal without a size says.
    expect(shown(0)).toBe(79);
  });

  it('is nothing where stderr goes elsewhere', () => {
    const { screen, written } = terminal({});
    screen.status('1 line read');
    screen.note('done');
    expect(written).toEqual(['done\n']);
  });
});
