/** One browser for all tests of the page. It comes out of npm, and needs nothing of the machine. */
import type { BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { launchOptions } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens. */
    browserEndpoint: string;
  }
}

let server: BrowserServer | undefined;

export async function setup({ provide }: TestProject): Promise<void> {
  const { chromium } = await import('playwright-core');
  server = await chromium.launchServer(await launchOptions());
  provide('browserEndpoint', server.wsEndpoint());
}

export async function teardown(): Promise<void> {
  await server?.close();
}
