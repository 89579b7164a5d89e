/** The page in a browser: what it shows of what comes, and what it does when nothing comes. */
import { expect, it } from 'vitest';
import { inviteVisitors } from '../support/pages.ts';
import { channel, indexOf, record, startOf, viewOf, windowMs } from '../support/recorded.ts';

const visitors = inviteVisitors();
const recording = record([3, 7, 5, 12], ['car', 'bike', 'pen', 'tea', 'tent']);
const route = `lottery/${channel}`;

/** As if it were the time at which the view was made. */
function begin(view = viewOf(recording, { drawn: 2, closed: 1, open: 4 })) {
  visitors.site.aheadMs = view.at - Date.now();
  visitors.site.keep(channel, view);
  return view;
}

it('lists lotteries, whatever is in their ids, and shows one that is chosen', async () => {
  const view = begin();
  visitors.site.keep('index', indexOf([7, '<img src=x onerror=alert(1)>', 'a\u202eb\u0000'], view.at));
  const page = await visitors.open();
  const names = page.locator('.lotteries .name');
  await names.first().waitFor();
  expect(await names.allTextContents()).toEqual(['7', '<img src=x onerror=alert(1)>', 'a\\u{202e}b\\u{0}']);
  await page.getByRole('link', { name: /^7 / }).click();
  await page.getByRole('heading', { name: 'Lottery 7' }).waitFor();
  expect(await page.title()).toBe('7 – Lotteries');
});

it('counts down by the clock of the server', async () => {
  begin();
  const page = await visitors.open({ route });
  const timer = page.getByRole('timer');
  await timer.waitFor();
  await expect
    .poll(async () => {
      const shown = await timer.textContent();
      const left = windowMs - (visitors.site.now() % windowMs);
      return Math.abs(Number(shown?.slice(2)) * 1000 - left) <= 1_500;
    })
    .toBe(true);
});

it('shows what comes, and says a new winner once', async () => {
  begin();
  const page = await visitors.open({ route });
  const winner = page.locator('.is-winner .value');
  await winner.waitFor();
  const said = page.locator('p[aria-live=polite]');
  expect(await said.textContent()).toBe('');
  await expect.poll(() => visitors.site.subscribed).toEqual([`/lotteries/${channel}`]);
  visitors.site.publish(channel, viewOf(recording, { drawn: 3, closed: 0, open: 9, version: 30 }));
  const { userId } = viewOf(recording, { drawn: 3 }).windows[2]?.winner ?? { userId: '' };
  await expect.poll(() => said.textContent()).toBe(`User ${userId} won pen.`);
  expect(await winner.textContent()).toBe(`user${userId}`);
});

it('shows the newer of two views, in whatever order they come', async () => {
  begin(viewOf(recording, { drawn: 3, closed: 1, version: 31 }));
  const page = await visitors.open({ route });
  await expect.poll(() => page.locator('.draw').count()).toBe(4);
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  const count = `document.querySelectorAll('.draw').length`;
  await page.evaluate(
    `window.seen = []; new MutationObserver(() => seen.push(${count})).observe(document.body, { subtree: true, childList: true });`,
  );
  visitors.site.publish(channel, viewOf(recording, { drawn: 1, version: 11 }));
  visitors.site.publish(channel, viewOf(recording, { drawn: 4, open: 1, version: 41 }));
  await expect.poll(() => page.locator('.draw').count()).toBe(5);
  expect(await page.evaluate('Math.min(...seen)')).toBeGreaterThanOrEqual(4);
});

it('says that the connection is lost, comes back, and has missed nothing', async () => {
  begin();
  const page = await visitors.open({ route });
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.isRefusing = true;
  visitors.site.drop();
  const lost = page.getByText('Connection lost');
  await lost.waitFor();
  // Nobody hears the message of this one.
  visitors.site.publish(channel, viewOf(recording, { drawn: 4, version: 40 }));
  visitors.site.isRefusing = false;
  await lost.waitFor({ state: 'detached' });
  await expect.poll(() => page.locator('.draw .winner').count()).toBe(4);
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
});

it('asks again for a snapshot that it could not have when it came back', async () => {
  begin();
  const page = await visitors.open({ route });
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.isRefusing = true;
  visitors.site.drop();
  const lost = page.getByText('Connection lost');
  await lost.waitFor();
  visitors.site.publish(channel, viewOf(recording, { drawn: 4, version: 40 }));
  visitors.site.isFailing = true;
  visitors.site.isRefusing = false;
  await lost.waitFor({ state: 'detached' });
  const asked = () => visitors.site.asked.filter((path) => path.startsWith('/live/')).length;
  const before = asked();
  await expect.poll(asked).toBeGreaterThan(before);
  visitors.site.isFailing = false;
  await expect.poll(() => page.locator('.draw .winner').count()).toBe(4);
});

it('says so at once where the machine knows that it has no network', async () => {
  begin();
  const page = await visitors.open({ route });
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  await page.context().setOffline(true);
  const lost = page.getByText('Connection lost');
  await lost.waitFor();
  await page.context().setOffline(false);
  await lost.waitFor({ state: 'detached' });
});

it('goes on with a server that began anew, and counts its versions from one again', async () => {
  const view = begin();
  const page = await visitors.open({ route });
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.publish(channel, { ...viewOf(recording, { drawn: 4, version: 1 }), at: view.at + 60_000 });
  await expect.poll(() => page.locator('.draw .winner').count()).toBe(4);
});

it('does not trust a socket that says nothing', async () => {
  begin();
  visitors.site.timeoutMs = 400;
  const page = await visitors.open({ route });
  await page.getByText('Connection lost').waitFor();
  visitors.site.timeoutMs = 300_000;
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
});

it('waits for a lottery that is not there, and shows it when it starts', async () => {
  const page = await visitors.open({ route });
  await page.getByRole('heading', { name: 'No such lottery' }).waitFor();
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  visitors.site.publish(channel, viewOf(recording, { drawn: 0, open: 1 }));
  await page.getByRole('heading', { name: 'Lottery 7' }).waitFor();
});

it('says that there are no lotteries, and that there is no such page', async () => {
  const page = await visitors.open();
  await page.getByText('No lottery has been started yet').waitFor();
  await page.goto(`${visitors.site.url}#/lottery/..%2f..%2fsecret`);
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
});

it('is not taken down by what it does not understand, and shows what it does', async () => {
  visitors.site.keep(channel, { version: 1, at: 1, lotteryId: 7, windows: 'none' });
  const page = await visitors.open({ route });
  const broken = page.getByText('not what this page understands');
  await broken.waitFor();
  await expect.poll(() => visitors.site.subscribed.length).toBe(1);
  const view = viewOf(recording, { drawn: 2, version: 30 });
  visitors.site.publish(channel, view);
  await expect.poll(() => page.locator('.draw').count()).toBe(2);
  visitors.site.publish(channel, { version: 31, at: view.at, lotteryId: 7, windows: 'none' });
  await broken.waitFor();
  visitors.site.keep('index', indexOf([7], Date.now()));
  await page.getByRole('link', { name: 'All lotteries' }).click();
  await page.locator('.lotteries').waitFor();
});

it('says what can be won before the first window begins', async () => {
  const view = viewOf(recording, { drawn: 0 });
  begin({ ...view, at: view.at - windowMs });
  const page = await visitors.open({ route });
  await page.getByText('Starts in').waitFor();
  expect(await page.locator('.is-prize .value').textContent()).toBe('car');
});

it.each([
  ['ended', { drawn: 4, isEnded: true }, 'Ended'],
  ['in its last draws', { drawn: 3, closed: 1 }, 'Last draws'],
])('says that a run is %s', async (_, moment, word) => {
  const view = { ...viewOf(recording, moment), lastWindowStart: startOf(3) };
  begin(view);
  visitors.site.aheadMs += windowMs;
  const page = await visitors.open({ route });
  await expect.poll(() => page.locator('.is-clock .value').textContent()).toBe(word);
});
