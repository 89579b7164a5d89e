import type { LaunchOptions } from 'playwright-core';

/**
 * How the browser of the package starts. Its own arguments turn off what a page is protected by, and put all into one
 * process: this is a browser as users have it, without a screen.
 */
export async function launchOptions(): Promise<LaunchOptions> {
  // The package unpacks the libraries that it needs where it believes to be on Lambda.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  return {
    executablePath: await chromium.executablePath(),
    args: ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
    headless: true,
  };
}
