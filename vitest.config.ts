import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Files that mock no module and leave nothing behind: they share a process, and what it has imported. */
const sharing = 'test/{cdk,docs,property,tools,unit}/**/*.test.ts';

// For the workers and the commands that tests start: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  test: {
    // More than there are cores, where those are few: half of the tests wait, for windows to end above all.
    maxWorkers: Math.max(4, availableParallelism()),
    // Against hanging only: a test waits for a condition, for as long as a busy machine takes to meet it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 180_000 } },
    env: {
      // A synthesis checks its templates against all schemas of CloudFormation, which is half of its work:
      // test/cdk/validation.test.ts has that done, for all environments.
      CDK_VALIDATION: 'false',
    },
    projects: [
      {
        extends: true,
        test: {
          // Before the others in the alphabet, and so in the run: the long ones first.
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [sharing],
          globalSetup: ['test/support/assemblies-directory.ts'],
        },
      },
      { extends: true, test: { name: 'sharing', include: [sharing], isolate: false } },
    ],
  },
});
