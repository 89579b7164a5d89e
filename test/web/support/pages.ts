/** Opens the page as a visitor has it. What fails in the page, or breaks its policy, fails the test. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { contextOptions, type Visit } from './context.ts';
import { Site } from './site.ts';

export type { Visit };

export interface Visitors {
  readonly site: Site;
  open(visit?: Visit): Promise<Page>;
}

/** For one file: a site, and whoever visits it. */
export function inviteVisitors(): Visitors {
  let site: Site | undefined;
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    const answer = await fetch(inject('browserQuestions'));
    const endpoint = await answer.text();
    if (!answer.ok) throw new Error(`The browser does not start: ${endpoint}`);
    browser = await chromium.connect(endpoint);
    site = await Site.start();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    site?.reset();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  return {
    get site() {
      if (site === undefined) throw new Error('No site yet');
      return site;
    },
    async open(visit = {}) {
      if (browser === undefined || site === undefined) throw new Error('No browser yet');
      const context = await browser.newContext(contextOptions(visit));
      contexts.push(context);
      const page = await context.newPage();
      if (visit.clock !== undefined) await page.clock.install({ time: visit.clock });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) problems.push(message.text());
      });
      await page.goto(`${site.url}#/${visit.route ?? ''}`);
      return page;
    },
  };
}

/** How far what is there goes beyond the window's right, px. */
export async function overflowOf(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}
