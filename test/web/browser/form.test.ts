/** That everybody can use the page: widths, themes, keys, motion, what axe finds; and what it weighs. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { siteFiles } from '../../../lib/constructs/site-files.ts';
import { violationsIn } from '../support/axe.ts';
import { inviteVisitors, overflowOf, type Visit } from '../support/pages.ts';
import { channel, indexOf, record, sheetsOf, viewOf } from '../support/recorded.ts';

const visitors = inviteVisitors();
const long = 'W'.repeat(128);
const rtl = 'قرعة <b>الصيف</b> 2026';
const recording = record(
  [3, 7, 5, 12, 9, 4, 6, 8, 10, 11],
  [long, rtl, 'pen', long, 'tea', 'a', 'b', 'c', 'd', 'e', rtl],
);
const route = `lottery/${channel}`;
const kept = viewOf(recording, { drawn: 8, closed: 1, open: 4 });

function begin(view: object = kept) {
  visitors.site.aheadMs = kept.at - Date.now();
  visitors.site.keep(channel, view);
  visitors.site.keep('index', indexOf([7, long, rtl, 'promo'], kept.at));
  for (const [name, sheet] of sheetsOf(recording)) visitors.site.sheet(name, sheet);
}

it('weighs 60 KB at most before the check', async () => {
  const files = siteFiles();
  const bytes = (path: string) => gzipSync(files.find((file) => file.path === path)?.contents ?? '').length;
  expect(files.map(({ path }) => path).sort()).toEqual([
    'app.css',
    'app.js',
    'check.js',
    'icon.svg',
    'index.html',
  ]);
  expect(
    ['app.css', 'app.js', 'icon.svg', 'index.html'].reduce((sum, path) => sum + bytes(path), 0),
  ).toBeLessThan(60_000);
  begin();
  const page = await visitors.open({ route });
  await page.locator('.hero').waitFor();
  expect(visitors.site.asked).not.toContain('/check.js');
});

/** The list, a lottery with the check of its last draw, and the view for a large screen. */
async function eachPage(visit: Visit, look: (page: Page) => Promise<void>): Promise<void> {
  begin({ ...kept, lotteryId: long });
  const page = await visitors.open(visit);
  await page.locator('.lotteries').waitFor();
  await look(page);
  await page.goto(`${visitors.site.url}#/${route}`);
  await page.locator('.uplot').waitFor();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Check it here' }).click();
  await page.locator('.verdict').waitFor();
  await look(page);
  // By its address: a browser that fills the screen takes no other size.
  await page.goto(`${visitors.site.url}#/${route}/wall`);
  await page.locator('.screen').waitFor();
  await look(page);
}

it('is as wide as its window, from a phone to a wall', async () => {
  await eachPage({}, async (page) => {
    for (const width of [320, 390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      // The chart is told of its new width, and drawn anew then.
      await expect.poll(() => overflowOf(page), { message: `at ${width} pixels` }).toBe(0);
    }
  });
});

it('has nothing that axe finds', async () => {
  await eachPage({}, async (page) => expect(await violationsIn(page)).toEqual([]));
});

it('has colours that one can read, in the dark as well', async () => {
  await eachPage({ width: 390, scheme: 'dark' }, async (page) =>
    expect(await violationsIn(page, ['color-contrast'])).toEqual([]),
  );
});

it('says on a phone as well which lotteries run', async () => {
  begin();
  const page = await visitors.open({ width: 390 });
  await page.locator('.lotteries').waitFor();
  expect(await page.locator('.lotteries .chip:visible').count()).toBe(4);
  expect(await overflowOf(page)).toBe(0);
});

it('has names and prizes that do not widen what they are in', async () => {
  const [first] = kept.windows.slice(-3);
  const winner = first?.winner && { ...first.winner, userId: long, prize: rtl };
  begin({ ...kept, lotteryId: rtl, prizes: [long, long], windows: [{ ...first, winner }] });
  const page = await visitors.open({ route, width: 390 });
  await page.locator('.hero').waitFor();
  expect(await overflowOf(page)).toBe(0);
  const inside = await page.evaluate(
    `[...document.querySelectorAll('.foreign')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
  );
  expect(inside).toBe(0);
  expect(await page.locator('.foreign b').count()).toBe(0);
});

it('stands still when numbers change', async () => {
  begin();
  const page = await visitors.open({ route });
  await page.locator('.uplot').waitFor();
  const places = `JSON.stringify([...document.querySelectorAll('.big, .chart, .draws')].map((one) => { const { x, y, width, height } = one.getBoundingClientRect(); return [x, y, width, height]; }))`;
  const before = await page.evaluate(places);
  const windows = kept.windows.map((window) =>
    window.state === 'open' ? { ...window, entries: 1_234_567 } : window,
  );
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.publish(channel, { ...kept, version: kept.version + 1, windows });
  await page.getByText('1,234,567').first().waitFor();
  expect(await page.evaluate(places)).toBe(before);
});

it('goes by the keyboard alone', async () => {
  begin();
  const page = await visitors.open();
  await page.locator('.lotteries').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.hero').waitFor();
  // As with the shift lock on.
  await page.keyboard.press('F');
  await page.locator('.screen').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.screen').waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Check it here' }).waitFor();
  // Letters that are typed are no keys.
  await page.getByRole('textbox').fill('');
  await page.getByRole('textbox').press('f');
  expect(await page.locator('.screen').count()).toBe(0);
});

it('does not move where nobody wants it to', async () => {
  begin();
  const page = await visitors.open({ route, isStill: true });
  await page.locator('.hero').waitFor();
  const moving = await page.evaluate(
    `[...document.querySelectorAll('*')].filter((one) => { const style = getComputedStyle(one); return style.animationName !== 'none' || style.transitionDuration.split(', ').some((some) => some !== '0s'); }).length`,
  );
  expect(moving).toBe(0);
});
