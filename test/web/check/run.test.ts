/** The check of the page, as its worker runs it: an operator who lies is found, by whatever the lie is. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LiveView, LiveWindow, LiveWinner } from '../../../lambda/core/live-view.ts';
import type { CheckRequest } from '../../../web/check/messages.ts';
import { check } from '../../../web/check/run.ts';
import { nameOf } from '../../verify/support/lottery.ts';
import { type Recording, record, sheetsOf, startOf, viewOf } from '../support/recorded.ts';
import { Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.stop());
beforeEach(() => site.reset());

const withPrizes = record([4, 7], ['car', 'bike', 'pen']);
const drawn = viewOf(withPrizes, { drawn: 2 });

/** Of the last draw, with its sheet where its name says. */
function requestOf(view: LiveView, recording: Recording = withPrizes): CheckRequest {
  for (const [name, sheet] of sheetsOf(recording)) site.sheet(name, sheet);
  const { windows, history, rejected, ...run } = view;
  const window = windows.at(-1);
  if (window === undefined) throw new Error('No window');
  return { run, window, sheetUrl: `${site.url}sheets/${window.winner?.sheet}` };
}

const told = (request: CheckRequest, change: Partial<LiveWindow>): CheckRequest => ({
  ...request,
  ...(request.window && { window: { ...request.window, ...change } }),
});

const won = (request: CheckRequest, change: Partial<LiveWinner>): CheckRequest =>
  told(request, { ...(request.window?.winner && { winner: { ...request.window.winner, ...change } }) });

const lastHex = (text = '') => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
const nothing = () => {};

describe('holds', () => {
  it.each([
    ['with prizes', withPrizes, {}],
    ['when the run has ended', withPrizes, { isEnded: true }],
    ['without prizes', record([5, 6]), {}],
    ['without a beacon', record([5, 6], [], false), { isEnded: true }],
  ])('%s', async (_, recording, moment) => {
    const read: number[] = [];
    const request = requestOf(viewOf(recording, { drawn: 2, ...moment }), recording);
    const result = await check(request, (bytes) => read.push(bytes));
    expect(result).toMatchObject({ verdict: 'holds', reasons: [] });
    expect(result.bytes).toBe(recording.draws[1]?.sheet.length);
    expect(read.at(-1)).toBe(result.bytes);
  });

  it('in a later run, whose draws have other names', async () => {
    const request = requestOf(drawn);
    const result = await check({ ...request, run: { ...request.run, run: 2 } }, nothing);
    // The sheet is of the first run's draw: under another name nothing of it counts.
    expect(result.verdict).toBe('contradicts');
  });

  it('where the view has cut a long prize, and the sheet has all of it', async () => {
    const long = 'x'.repeat(500);
    const recording = record([3, 4], ['car', long]);
    const request = requestOf(viewOf(recording, { drawn: 2 }), recording);
    const result = await check(won(request, { prize: `${'x'.repeat(100)}…` }), nothing);
    expect(result).toMatchObject({ verdict: 'holds' });
    expect((await check(won(request, { prize: `y${'x'.repeat(99)}…` }), nothing)).verdict).toBe(
      'contradicts',
    );
  });
});

describe('contradicts', () => {
  it.each<[string, (request: CheckRequest) => CheckRequest, RegExp]>([
    ['the root', (request) => told(request, { root: lastHex(request.window?.root) }), /windowRoot/],
    ['the number of blocks', (request) => told(request, { blocks: 9 }), /says blocks/],
    ['the number of entries', (request) => told(request, { entries: 99 }), /says entries/],
    ['the round', (request) => told(request, { round: 1 }), /names round 1, and by closedAt/],
    ['the time of the close', (request) => told(request, { closedAt: startOf(3) }), /and by closedAt/],
    [
      'the commitment',
      (request) => told(request, { commitment: lastHex(request.window?.commitment) }),
      /windowSeedCommitment/,
    ],
    [
      'the signature',
      (request) => won(request, { beaconSignature: lastHex(request.window?.winner?.beaconSignature) }),
      /is not that of round/,
    ],
    [
      'the window’s seed',
      (request) => won(request, { windowSeed: lastHex(request.window?.winner?.windowSeed) }),
      /windowSeed/,
    ],
    ['the winner', (request) => won(request, { userId: 'a friend' }), /winner's user/],
    [
      'the winning entry',
      (request) => won(request, { entryId: 'shardId-000000000000:1' }),
      /priority is not/,
    ],
    ['the prize', (request) => won(request, { prize: 'tricycle' }), /says prize bike/],
    [
      'the prize that was promised',
      (request) => ({ ...request, promisedPrize: 'yacht' }),
      /"yacht" was promised/,
    ],
    [
      'the beacon',
      (request) => ({
        ...request,
        run: { ...request.run, randomness: 'seed', chain: undefined } as CheckRequest['run'],
      }),
      /no beacon/,
    ],
    [
      'the seed at the end',
      (request) => ({ ...request, run: { ...request.run, seed: '00'.repeat(32) } }),
      /does not fit the seedCommitment/,
    ],
    [
      'the last window',
      (request) => ({ ...request, run: { ...request.run, lastWindowStart: startOf(0) } }),
      /the last window of its run/,
    ],
  ])('where %s is a lie', async (_, lie, reason) => {
    const result = await check(lie(requestOf(drawn)), nothing);
    expect(result.verdict).toBe('contradicts');
    expect(result.reasons.join('\n')).toMatch(reason);
  });

  const [name = '', sheet = ''] = sheetsOf(withPrizes)[1] ?? [];
  const [, otherSheet = ''] = sheetsOf(withPrizes)[0] ?? [];
  const lines = sheet.split('\n');

  it.each([
    ['has other bytes', sheet.replace('"run":1', '"run": 1'), /as JSON.stringify writes it/],
    ['has lost a block', `${lines.slice(0, 2).join('\n')}\n`, /is not the one that the winner's event names/],
    ['is cut off', sheet.slice(0, -9), /cut off/],
    ['is another draw’s', otherSheet, /no sheet of this draw/],
    ['is empty', '', /no sheet of this draw/],
    ['is something else', '<html>', /no sheet|not JSON/],
  ])('where the sheet %s', async (_, contents, reason) => {
    const request = requestOf(drawn);
    site.sheet(name, contents);
    const result = await check(request, nothing);
    expect(result.verdict).toBe('contradicts');
    expect(result.reasons.join('\n')).toMatch(reason);
  });

  it('where the sheet is made anew for another winner', async () => {
    const header = JSON.parse(lines[0] ?? '');
    const forged = [
      JSON.stringify({ ...header, winner: { ...header.winner, userId: 'a friend' } }),
      ...lines.slice(1),
    ].join('\n');
    const request = won(requestOf(drawn), { userId: 'a friend', sheet: nameOf(forged) });
    site.sheet(nameOf(forged), forged);
    const result = await check({ ...request, sheetUrl: `${site.url}sheets/${nameOf(forged)}` }, nothing);
    expect(result.verdict).toBe('contradicts');
    expect(result.reasons.join('\n')).toContain('won, and its first line says user a friend');
  });
});

describe('is unchecked', () => {
  it.each([
    ['root', 'root', 'window'],
    ['number of blocks', 'blocks', 'window'],
    ['time of its close', 'closedAt', 'window'],
    ['hash of the window’s seed', 'commitment', 'window'],
    ['round', 'round', 'window'],
    ['key of the receipts', 'receiptKey', 'run'],
    ['beacon', 'chain', 'run'],
  ] as const)('where the page was not told the %s', async (name, field, part) => {
    const request = requestOf(drawn);
    const result = await check({ ...request, [part]: { ...request[part], [field]: undefined } }, nothing);
    expect(result).toMatchObject({
      verdict: 'unchecked',
      reasons: [expect.stringContaining(`there is no ${name}`)],
    });
  });

  it.each([
    ['is not there', 'sheets/none', /the server says 404/],
    ['cannot be fetched', 'http://127.0.0.1:1/', /no connection/],
  ])('where the sheet %s', async (_, url, reason) => {
    const result = await check({ ...requestOf(drawn), sheetUrl: new URL(url, site.url).href }, nothing);
    expect(result.verdict).toBe('unchecked');
    expect(result.reasons.join()).toMatch(reason);
  });
});

describe('one’s own receipt', () => {
  const receipt = withPrizes.draws[1]?.receipts[2];

  it('took part', async () => {
    const { receipt: own } = await check({ ...requestOf(drawn), receipt: JSON.stringify(receipt) }, nothing);
    expect(own?.contradicts).toBe(false);
    expect(own?.sentence).toMatch(/took part in draw 7@\d+, one of 7, /);
  });

  it.each([
    ['its user is another', { userId: 'me' }],
    ['it was left out', { entryId: 'shardId-000000000000:99' }],
    [
      'its signature is another’s',
      { receipt: { ...(receipt?.receipt as object), signature: `${'A'.repeat(85)}A` } },
    ],
  ])('does not hold where %s', async (_, change) => {
    const text = JSON.stringify({ ...receipt, ...change });
    const { receipt: own } = await check({ ...requestOf(drawn), receipt: text }, nothing);
    expect(own?.contradicts).toBe(true);
  });

  it('is checked before its draw is made', async () => {
    const open = viewOf(withPrizes, { drawn: 1, closed: 1 });
    const { sheetUrl, ...request } = requestOf(open);
    const { receipt: own } = await check({ ...request, receipt: JSON.stringify(receipt) }, nothing);
    expect(own?.sentence).toMatch(/was accepted for draw .* has no winner/);
    const forged = JSON.stringify({
      ...receipt,
      receipt: { ...(receipt?.receipt as object), signature: `${'A'.repeat(85)}A` },
    });
    expect((await check({ ...request, receipt: forged }, nothing)).receipt?.contradicts).toBe(true);
  });

  it('is said to be none where it is none', async () => {
    const result = await check({ ...requestOf(drawn), receipt: '{"type":"LotteryEndedEvent"}' }, nothing);
    expect(result).toMatchObject({ verdict: 'unchecked' });
  });
});
