import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Files that run the synthesized app: the long ones. */
const app = [
  'test/{integration,proof/soak}/**/*.test.ts',
  'test/cli/{redrive/redrive,restore/restore}.test.ts',
  'test/bench/sections.test.ts',
];

/** Files that need a browser. */
const web = 'test/web/browser/**/*.test.ts';

// For the workers and the commands that tests start: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  test: {
    // The files share processes, and what those have imported: they leave nothing behind.
    isolate: false,
    // Node loads the sources as it does for the commands, from what it has compiled before: to transform each was six seconds.
    experimental: { viteModuleRunner: false },
    // More than there are cores, where those are few: half of the tests wait, for windows to end above all.
    maxWorkers: Math.max(4, availableParallelism()),
    // Against hanging only: a test waits for a condition, for as long as a busy machine takes to meet it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // One broker for all tests that ask for one, and none where no test does.
    globalSetup: ['test/support/kafka-setup.ts'],
    // What is looked for so often is paid for by all other tests: many a look is a whole command.
    expect: { poll: { timeout: 180_000, interval: 100 } },
    env: {
      // A synthesis checks its templates against all schemas of CloudFormation, which is half of its work:
      // test/lib/validation.test.ts has that done, for all environments.
      CDK_VALIDATION: 'false',
    },
    projects: [
      {
        extends: true,
        test: {
          // Before the others in the alphabet, and so in the run: the long ones first.
          name: 'app',
          include: app,
          globalSetup: ['test/support/assemblies-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          include: [web],
          globalSetup: ['test/web/support/browser-setup.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [...app, web] },
      },
    ],
  },
});
