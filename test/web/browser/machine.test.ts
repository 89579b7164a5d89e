/** Play and Pipeline, which only a run on this machine has. */
import { expect, it } from 'vitest';
import { violationsIn } from '../support/axe.ts';
import { type Machine, pipelineState, recordedMachine } from '../support/machine.ts';
import { inviteVisitors, overflowOf, type Visit } from '../support/pages.ts';
import { indexOf } from '../support/recorded.ts';

const visitors = inviteVisitors();

async function openOn(machine: Machine, visit: Visit) {
  visitors.site.isLocal = true;
  visitors.site.local = machine.answer;
  visitors.site.keep('index', indexOf(['promo'], Date.now()));
  return await visitors.open(visit);
}

it('starts, buys, clicks and stops, and says what came of each', async () => {
  const machine = recordedMachine();
  const page = await openOn(machine, { route: 'play' });
  await page.getByLabel('Lottery', { exact: true }).fill('promo');
  await page.getByLabel('Prizes').fill('car\n\n bike ');
  for (const name of ['Start the lottery', 'Buy', 'Click', 'Stop it'])
    await page.getByRole('button', { name, exact: true }).click();
  await expect.poll(() => page.locator('.outcome').count()).toBe(4);
  await page
    .getByText('rejected: Cannot stop inactive lottery, lotteryId: promo (LOTTERY_INACTIVE)')
    .waitFor();
  await page.getByText('9 coupons left').waitFor();
  expect(machine.put).toEqual([
    { type: 'LotteryStartEvent', lotteryId: 'promo', prizes: ['car', 'bike'] },
    { type: 'UserBuyCouponEvent', userId: 7, purchasedCoupons: 10 },
    { type: 'UserClickEvent', userId: 7, lotteryId: 'promo', timestamp: expect.any(Number) },
    { type: 'LotteryStopEvent', lotteryId: 'promo' },
  ]);
  await page.getByText('Receipt', { exact: true }).click();
  expect(JSON.parse((await page.locator('.outcome code').textContent()) ?? '')).toHaveProperty(
    'receipt.signature',
  );
  expect(await violationsIn(page)).toEqual([]);
  await page.getByRole('link', { name: 'See the lottery' }).first().click();
  await page.getByRole('heading', { name: 'No such lottery' }).waitFor();
});

it('says in one line what could not be put', async () => {
  const page = await openOn(
    {
      put: [],
      answer(request, response) {
        if (request.url !== '/local/events') return false;
        response.writeHead(429).end('{"message":"50 events are under way"}');
        return true;
      },
    },
    { route: 'play' },
  );
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.getByText('50 events are under way').waitFor();
});

it('draws the pipeline', async () => {
  const page = await openOn(recordedMachine(), { route: 'pipeline' });
  await page.locator('.graph .node').first().waitFor();
  const columns = page.locator('.graph ul');
  expect(await columns.first().innerText()).toContain('user-events-input');
  expect(await columns.last().innerText()).toContain('archive');
  const outputs = await page.locator('[data-node="channel dev-user-events-output"]').innerText();
  expect(outputs.replaceAll(/\s+/g, ' ')).toContain('1,282 in/s 2,563 out/s');
  // All of it is there without being pushed aside.
  for (const width of [1184, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const hidden = () =>
      page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.graph'))`,
      );
    await expect.poll(hidden, { message: `at ${width} pixels` }).toBe(0);
  }
  // What takes no part in the flow is no part of the picture.
  expect(await page.locator('.graph').innerText()).not.toContain('receipts-public-key');
  expect(await page.locator('.graph path').count()).toBeGreaterThan(10);
  expect(await page.locator('.findings b', { hasText: 'on purpose' }).count()).toBe(0);
  expect(await page.getByText('<b>on purpose</b>').count()).toBe(1);
  expect(await page.locator('.watermark').count()).toBe(pipelineState.watermarks.length);
  for (const width of [1920, 1280, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => overflowOf(page), { message: `at ${width} pixels` }).toBe(0);
  }
  expect(await violationsIn(page)).toEqual([]);
});

it('says that the connection is back, where no channel is listened to as well', async () => {
  const page = await openOn(recordedMachine(), { route: 'pipeline' });
  await page.locator('.graph .node').first().waitFor();
  const lost = page.getByText('Connection lost');
  await expect.poll(() => visitors.site.connected).toBe(1);
  visitors.site.drop();
  await lost.waitFor();
  await lost.waitFor({ state: 'detached' });
});

it('is not there for anybody else', async () => {
  const page = await visitors.open({ route: 'play' });
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  expect(await page.getByRole('link', { name: 'Pipeline' }).count()).toBe(0);
  expect(visitors.site.asked.filter((path) => path.startsWith('/local/'))).toEqual([]);
});
