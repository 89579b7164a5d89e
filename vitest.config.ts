import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

// For the workers and the commands that tests start: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  test: {
    // The files share processes, and what those have imported: they leave nothing behind.
    isolate: false,
    include: ['test/**/*.test.ts'],
    sequence: { sequencer: LongFirst },
    // Node loads the sources as it does for the commands, from what it has compiled before: to transform each was six seconds.
    experimental: { viteModuleRunner: false },
    // More than there are cores, where those are few: half of the tests wait, for windows to end above all.
    maxWorkers: Math.max(4, availableParallelism()),
    // Against hanging only: a test waits for a condition, for as long as a busy machine takes to meet it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // What files share, each made when one asks for it, and not where none does.
    globalSetup: [
      ...['test/support/kafka-setup.ts', 'test/support/assemblies-setup.ts'],
      'test/web/support/browser-setup.ts',
    ],
    // What is looked for so often is paid for by all other tests: many a look is a whole command.
    expect: { poll: { timeout: 180_000, interval: 100 } },
    env: {
      // A synthesis checks its templates against all schemas of CloudFormation, which is half of its work:
      // test/lib/validation.test.ts has that done, for all environments.
      CDK_VALIDATION: 'false',
    },
  },
});
