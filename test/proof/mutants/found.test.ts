import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it('a series finds a defect, and says what shows it again, with as few events as it found', () => {
  const hook = new URL('../../../proof/mutants/hook.ts', import.meta.url).href;
  const parameters = ['--seeds', '1', '--events', '200'];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', hook, 'cli/simulate.ts', ...parameters],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, MUTANT: 'a click without a coupon is accepted', CDK_VALIDATION: 'false' },
    },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^seed 1: (?:user |never came: )/m);
  expect(stdout).toMatch(/^1 of 1 seeds failed$/m);
  const [, events] = /^Again: npm run simulate -- --seed 1 --events (\d+) --trace$/m.exec(stdout) ?? [];
  expect(Number(events)).toBeLessThan(200);
  expect(status).toBe(1);
});
