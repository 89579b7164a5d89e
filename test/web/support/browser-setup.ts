/**
 * Vitest's global setup: one browser for all tests of the page, started at the first question for it. It comes out of npm, and needs nothing
 * of the machine.
 */
import { createServer } from 'node:http';
import type { BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { listen } from '../../../local/engines/running-engine.ts';
import { launchOptions } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Who answers where the browser listens. */
    browserQuestions: string;
  }
}

/** @returns what ends the browser when all tests have run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let asked: Promise<BrowserServer> | undefined;
  const server = createServer(async (_request, response) => {
    asked ??= launch();
    const answer = await asked.then((browser) => browser.wsEndpoint()).catch(failed);
    if (typeof answer !== 'string') response.statusCode = 500;
    response.end(String(answer));
  });
  const { port, close } = await listen(server, 0);
  provide('browserQuestions', `http://127.0.0.1:${port}`);
  return async () => {
    await close();
    await (await asked?.catch(() => undefined))?.close();
  };
}

const failed = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

async function launch(): Promise<BrowserServer> {
  const { chromium } = await import('playwright-core');
  return chromium.launchServer(await launchOptions());
}
