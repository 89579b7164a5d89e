/** What pictures are taken of. */
import type { Page } from 'playwright-core';
import type { Visit } from './context.ts';
import { recordedMachine } from './machine.ts';
import { channel, indexOf, record, roundTimeOf, sheetsOf, viewOf } from './recorded.ts';
import type { Site } from './site.ts';

export interface Scene extends Visit {
  readonly name: string;
  /** Until it shows what it is to show. */
  prepare(page: Page, site: Site): Promise<void>;
}

const counts = [3, 7, 5, 12, 18, 9, 25, 31, 22, 40, 37, 28, 44, 60, 52, 47, 38, 55, 61, 49, 58];
const named = ['car', 'bike', 'radio', 'a weekend in the mountains', 'tea'];
const prizes = Array.from({ length: counts.length + 9 }, (_, index) => named[index % named.length] ?? '');
const recording = record(counts, prizes);
const view = viewOf(recording, { drawn: 19, closed: 1, open: 58 });
const last = recording.draws[18];

/** The browser's clock: it sees the last draw closed before its round. */
export const clock = last === undefined ? view.at : roundTimeOf(last) - 4_000;

/** All that is there at one time. */
export function furnish(site: Site): void {
  site.aheadMs = view.at - Date.now();
  site.keep(channel, view);
  site.keep('index', indexOf([7, 'promo', 'summer & winter', 'Летняя лотерея', 'a'.repeat(128)], view.at));
  for (const [name, sheet] of sheetsOf(recording)) site.sheet(name, sheet);
}

const lottery = (name: string, visit: Visit, prepare: Scene['prepare'] = shown): Scene => ({
  ...{ name: `lottery-${name}`, route: `lottery/${channel}`, clock, ...visit, prepare },
});

async function shown(page: Page): Promise<void> {
  await page.locator('.uplot canvas').waitFor();
}

/** A witness checks what it saw: by both clocks it comes when the draw is closed, seconds before the round. */
async function checked(page: Page, site: Site): Promise<void> {
  site.aheadMs = clock - Date.now();
  const before = viewOf(recording, { drawn: 18, closed: 2, open: 58 });
  site.keep(channel, { ...before, version: view.version + 1, at: clock });
  await page.clock.setSystemTime(clock);
  await page.reload();
  await page.locator('.draw .is-closed').nth(1).waitFor();
  site.publish(channel, { ...view, version: view.version + 2 });
  await page.locator('.draw .is-closed').nth(1).waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Check it here' }).click();
  await page.locator('.verdict').waitFor();
  await page.evaluate(`document.querySelector('.is-opened').scrollIntoView()`);
}

async function machine(page: Page, site: Site): Promise<void> {
  site.isLocal = true;
  const { answer } = recordedMachine();
  site.local = answer;
  await page.reload();
}

const list = (name: string, visit: Visit): Scene => ({
  ...{ name: `list-${name}`, clock, ...visit },
  prepare: (page) => page.locator('.lotteries').waitFor(),
});

const pipeline = (name: string, visit: Visit): Scene => ({
  ...{ name: `pipeline-${name}`, route: 'pipeline', ...visit },
  async prepare(page, site) {
    await machine(page, site);
    await page.locator('.graph .node').first().waitFor();
  },
});

export const scenes: readonly Scene[] = [
  list('390-light', { width: 390, height: 844 }),
  list('1280-dark', { width: 1280, height: 800, scheme: 'dark' }),
  lottery('390-light', { width: 390, height: 844 }),
  lottery('390-dark', { width: 390, height: 844, scheme: 'dark' }),
  lottery('1280-light', { width: 1280, height: 860 }),
  lottery('1280-dark', { width: 1280, height: 860, scheme: 'dark' }),
  lottery('1920-light', { width: 1920, height: 1080 }),
  lottery('check-1280-light', { width: 1280, height: 860 }, checked),
  lottery('check-390-dark', { width: 390, height: 844, scheme: 'dark' }, checked),
  lottery(
    'wall-1920-dark',
    { width: 1920, height: 1080, scheme: 'dark', route: `lottery/${channel}/wall` },
    async (page) => {
      await page.locator('.screen .value').first().waitFor();
    },
  ),
  lottery('wall-390-light', { width: 390, height: 844, route: `lottery/${channel}/wall` }, async (page) => {
    await page.locator('.screen .value').first().waitFor();
  }),
  lottery('lost-390-light', { width: 390, height: 844 }, async (page, site) => {
    await shown(page);
    site.isRefusing = true;
    site.drop();
    await page.getByText('Connection lost').waitFor();
  }),
  pipeline('1280-light', { width: 1280, height: 860 }),
  pipeline('1920-dark', { width: 1920, height: 1080, scheme: 'dark' }),
  pipeline('390-light', { width: 390, height: 844 }),
  {
    ...{ name: 'play-1280-light', route: 'play', width: 1280, height: 860 },
    async prepare(page, site) {
      await machine(page, site);
      for (const name of ['Start the lottery', 'Buy', 'Click', 'Stop it'])
        await page.getByRole('button', { name, exact: true }).click();
      await page.getByText('LOTTERY_INACTIVE').waitFor();
    },
  },
];
