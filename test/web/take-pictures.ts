/** `node test/web/take-pictures.ts`: pictures of the page into test/web/screenshots, and the one that README shows. */
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { launchOptions } from './support/chromium.ts';
import { contextOptions } from './support/context.ts';
import { furnish, scenes } from './support/scenes.ts';
import { Site } from './support/site.ts';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const [, , only = ''] = process.argv;

const site = await Site.start();
const browser = await chromium.launch(await launchOptions());
await mkdir(pathOf('screenshots'), { recursive: true });
for (const scene of scenes.filter(({ name }) => name.includes(only))) {
  site.reset();
  furnish(site);
  const context = await browser.newContext(contextOptions(scene));
  const page = await context.newPage();
  if (scene.clock !== undefined) await page.clock.install({ time: scene.clock });
  await page.goto(`${site.url}#/${scene.route ?? ''}`);
  await scene.prepare(page, site);
  await page.screenshot({ path: pathOf(`screenshots/${scene.name}.png`) });
  await context.close();
}
await mkdir(pathOf('../../docs/images'), { recursive: true });
await copyFile(pathOf('screenshots/lottery-1280-light.png'), pathOf('../../docs/images/page.png'));
await browser.close();
await site.stop();
