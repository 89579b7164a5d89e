/** "Check it here", one's own receipt, and being a witness: what they say is so. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { LiveView, LiveWindow } from '../../../lambda/core/live-view.ts';
import { nameOf } from '../../verify/support/lottery.ts';
import { inviteVisitors } from '../support/pages.ts';
import { channel, record, roundTimeOf, sheetsOf, viewOf } from '../support/recorded.ts';

const visitors = inviteVisitors();
const recording = record([9, 14], ['car', 'bike', 'pen']);
const route = `lottery/${channel}`;
const [sheetName = '', sheetText = ''] = sheetsOf(recording)[1] ?? [];

function begin(view: LiveView, sheet = sheetText) {
  visitors.site.aheadMs = view.at - Date.now();
  visitors.site.keep(channel, view);
  visitors.site.sheet(view.windows.at(-1)?.winner?.sheet ?? sheetName, sheet);
}

/** With other words of the last draw. */
function told(change: (window: LiveWindow) => LiveWindow): LiveView {
  const view = viewOf(recording, { drawn: 2 });
  return { ...view, windows: view.windows.map((window, index) => (index === 1 ? change(window) : window)) };
}

async function checked(page: Page): Promise<string> {
  await page.locator('.hero').waitFor();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Check it here' }).click();
  await page.locator('.verdict').waitFor();
  return (await page.locator('.report').innerText()).replaceAll(/\s+/g, ' ');
}

it('says what was checked and what was not, where all is right', async () => {
  begin(viewOf(recording, { drawn: 2 }));
  const text = await checked(await visitors.open({ route }));
  expect(text).toMatch(/^Checked: nothing contradicts\./);
  expect(text).toContain('Its 14 entries in 2 blocks have the root that was closed.');
  expect(text).toContain('Randomness: the beacon is not a public one');
  expect(text).toContain('this browser did not see it');
  expect(text).toContain('That the prize is the one that was promised at the start.');
  expect(text).not.toContain('in the file');
});

const other = (hex: string | undefined) => `${hex?.slice(0, -1)}${hex?.endsWith('0') ? '1' : '0'}`;

it.each([
  ['sheet', told((window) => window), sheetText.replace('],[', '], ['), 'as JSON.stringify writes it'],
  ['root', told((window) => ({ ...window, root: other(window.root) })), sheetText, 'says windowRoot'],
  [
    'signature',
    told(({ winner, ...window }) => ({
      ...window,
      ...(winner && { winner: { ...winner, beaconSignature: other(winner.beaconSignature) } }),
    })),
    sheetText,
    'is not that of round',
  ],
  [
    'winner',
    told(({ winner, ...window }) => ({
      ...window,
      ...(winner && { winner: { ...winner, userId: 'somebody else' } }),
    })),
    sheetText,
    "says winner's user",
  ],
])('shows a %s that lies', async (_, view, sheet, reason) => {
  begin(view, sheet);
  const text = await checked(await visitors.open({ route }));
  expect(text).toMatch(/^This draw does not hold\./);
  expect(text).toContain(reason);
});

it('does not call a draw checked whose sheet it cannot have', async () => {
  visitors.site.keep(channel, viewOf(recording, { drawn: 2 }));
  const text = await checked(await visitors.open({ route }));
  expect(text).toBe('Not checked. The sheet of this draw cannot be fetched: the server says 404.');
});

it('checks one’s own receipt', async () => {
  begin(viewOf(recording, { drawn: 2 }));
  const page = await visitors.open({ route });
  const box = page.getByRole('textbox');
  await box.waitFor();
  const receipt = { ...recording.draws[1]?.receipts[3] };
  const answerTo = async (text: string) => {
    await box.fill(text);
    await page.getByRole('button', { name: 'Check my receipt' }).click();
    await page.locator('.receipt .seen').waitFor();
    return page.locator('.receipt .seen').innerText();
  };
  expect(await answerTo('7')).toContain('This is no receipt');
  expect(await answerTo(JSON.stringify({ ...receipt, drawId: '7@0' }))).toContain(
    'is not among those on this page',
  );
  expect(await answerTo(JSON.stringify(receipt))).toContain('took part in draw');
  const forged = JSON.stringify({ ...receipt, userId: 'me' });
  await expect.poll(() => answerTo(forged)).toContain('which does not hold');
});

it('tells whoever saw the root before its round, and the next day too', async () => {
  const closed = viewOf(recording, { drawn: 1, closed: 1 });
  begin(closed);
  const [, draw] = recording.draws;
  if (draw === undefined) throw new Error('No draw');
  const page = await visitors.open({ route, clock: roundTimeOf(draw) - 2_500 });
  await page.getByRole('button', { name: /Details/ }).click();
  await page.getByText('You are a witness').waitFor();
  begin(viewOf(recording, { drawn: 2, version: 50 }));
  await page.reload();
  expect(await checked(page)).not.toContain('this browser did not see it');
  expect(await page.locator('.seen').first().innerText()).toContain('and it is the same');
  // Another root now than then: no check can make it good.
  const lied = told((window) => ({ ...window, root: `a\u202e${nameOf('another root')}` }));
  visitors.site.publish(channel, { ...lied, version: 60 });
  await page.getByText('Not what you saw').waitFor();
  expect(await page.locator('.seen').first().innerText()).toContain('now a\\u{202e}');
  expect(await page.locator('.verdict').innerText()).toBe('This draw does not hold.');
});

it('goes on calling checked only what was, when more is told of the draw or something else', async () => {
  begin(viewOf(recording, { drawn: 2 }));
  const page = await visitors.open({ route });
  await checked(page);
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.publish(channel, viewOf(recording, { drawn: 2, isEnded: true, version: 50 }));
  await page.getByText('Ended', { exact: true }).waitFor();
  const report = page.locator('.report');
  expect(await report.innerText()).toContain('The run’s own seed: it is revealed when the run ends.');
  expect(await report.innerText()).not.toContain('The run’s seed has the hash');
  const other = told(({ winner, ...window }) => ({
    ...window,
    ...(winner && { winner: { ...winner, userId: 'somebody else' } }),
  }));
  visitors.site.publish(channel, { ...other, version: 60 });
  await page.getByText('is not what was checked any more').waitFor();
  expect(await page.locator('.verdict').innerText()).toBe('This draw does not hold.');
});

it('calls nobody a witness whose own clock is hours behind', async () => {
  const [, draw] = recording.draws;
  if (draw === undefined) throw new Error('No draw');
  begin(viewOf(recording, { drawn: 1, closed: 1 }));
  visitors.site.aheadMs = roundTimeOf(draw) + 2_000 - Date.now();
  const page = await visitors.open({ route, clock: roundTimeOf(draw) - 3 * 3_600_000 });
  await page.getByRole('button', { name: /Details/ }).click();
  await page.getByText('only when its round could be known').waitFor();
});

it('accuses nobody of a start anew on one machine', async () => {
  visitors.site.isLocal = true;
  begin(viewOf(recording, { drawn: 2 }));
  const page = await visitors.open({ route });
  await page.locator('.hero').waitFor();
  const anew = { ...viewOf(recording, { drawn: 2, version: 50 }), seedCommitment: nameOf('another run') };
  begin(anew);
  await page.reload();
  await page.locator('.hero').waitFor();
  await page.keyboard.press('c');
  await page.getByText('This browser did not see the root').waitFor();
});

it('calls nobody a witness who came too late', async () => {
  const [, draw] = recording.draws;
  if (draw === undefined) throw new Error('No draw');
  begin(viewOf(recording, { drawn: 1, closed: 1 }));
  const page = await visitors.open({ route, clock: roundTimeOf(draw) + 100 });
  await page.getByRole('button', { name: /Details/ }).click();
  await page.getByText('only when its round could be known').waitFor();
});
