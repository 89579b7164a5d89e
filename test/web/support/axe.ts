import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** What axe finds wrong, a line each. Put into the page from outside, where its policy does not reach. @param only rules; by default all */
export async function violationsIn(page: Page, only: readonly string[] = []): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = only.length === 0 ? {} : { runOnly: only };
  const run = `axe.run(document, ${JSON.stringify(options)})`;
  const { violations } = (await page.evaluate(run)) as { violations: Violation[] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)}: ${failureSummary}`),
  );
}
