/** Files that the linter refuses or allows, for what they import and use. */

/** Top to bottom: a room may import from those on the floors below its own. */
const floors = [
  ['cli'],
  ['proof'],
  ['bench', 'bin'],
  ['client'],
  ['lib'],
  ['web'],
  ['lambda', 'local', 'verify'],
];
export const rooms = floors.flat();
const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room));

/** Where rooms import less than what is below them. */
function mayImport(from: string, to: string): boolean {
  if (from === 'bin') return to === 'lib';
  if (from === 'lib' && to === 'lambda') return false;
  if (from === 'web') return to === 'verify';
  return floorOf(from) < floorOf(to);
}

export interface Sample {
  path: string;
  code: string;
  isRefused: boolean;
}

/** From the top of the room and from deep inside. */
export const pairs: Sample[] = rooms.flatMap((from) =>
  rooms
    .filter((to) => to !== from)
    .flatMap((to) => {
      const isRefused = !mayImport(from, to);
      return [
        { path: `${from}/to-${to}.ts`, code: `import '../${to}/some.ts';`, isRefused },
        { path: `${from}/deep/down/to-${to}.ts`, code: `import '../../../${to}/deep/some.ts';`, isRefused },
      ];
    }),
);

export const tests: Sample[] = rooms.flatMap((room) => [
  { path: `${room}/to-test.ts`, code: `import '../test/support/some.ts';`, isRefused: true },
  { path: `test/${room}/to-${room}.ts`, code: `import '../../${room}/some.ts';`, isRefused: false },
]);

/** Each line a file of its own in a folder. */
function samples(folder: string, isRefused: boolean, lines: readonly string[]): Sample[] {
  return lines.map((code, index) => ({
    path: `${folder}/${isRefused ? 'refused' : 'allowed'}-${index}.ts`,
    code,
    isRefused,
  }));
}

export const forms = samples('local/forms', true, [
  `import type { Some } from '../../lambda/some.ts';\nexport const one: Some = 1;`,
  `export * from '../../lambda/some.ts';`,
  `export { some } from '../../lambda/some.ts';`,
  `export const some = await import('../../lambda/some.ts');`,
]);

export const contract = [
  ...samples('lib/stacks', false, [
    `import '../../lambda/contract/variables.ts';`,
    `import '../../lambda/contract/deep/some.ts';`,
    `import '../../lambda/core/reasons.ts';`,
    // Names of packages, and folders of the room itself, that are called as rooms are.
    `import 'aws-cdk-lib/aws-lambda';`,
    `import '@aws-sdk/lib-dynamodb/cli/some.js';`,
    `import './lambda/some.ts';`,
  ]),
  ...samples('lib/stacks', true, [
    `import '../../lambda/core/events.ts';`,
    `import '../../lambda/core/reasons/some.ts';`,
    `import '../../lambda/functions/settings.ts';`,
  ]),
];

/** What a run that is to be the same each time must not use. */
const ownTime = [
  'setTimeout(() => {}, 1);',
  'setInterval(() => {}, 1);',
  'setImmediate(() => {});',
  'performance.now();',
  'Date.now();',
  'export const now = new Date();',
  'Math.random();',
  'process.hrtime();',
  `import { setTimeout as sleep } from 'node:timers/promises';\n\nawait sleep(1);`,
  `import { randomInt } from 'node:crypto';\n\nrandomInt(1);`,
  `import { randomBytes } from 'node:crypto';\n\nrandomBytes(1);`,
  `import { randomUUID } from 'node:crypto';\n\nrandomUUID();`,
];
export const time = ['proof/simulation', 'proof/simulation/services', 'local/event-source-mapping'].flatMap(
  (folder) => [
    ...samples(folder, true, ownTime),
    ...samples(folder, false, ['export const later = new Date(1);', `import 'node:crypto';`]),
  ],
);

export const oracle = [
  ...samples('proof/oracle', true, [
    `import '../../lambda/core/some.ts';`,
    `import '../../client/some.ts';`,
    `import '../audit/some.ts';`,
  ]),
  ...samples('proof/oracle', false, [`import './some.ts';`, `import 'node:crypto';`]),
  ...samples('proof/audit', false, [`import '../oracle/some.ts';`, `import '../../client/some.ts';`]),
];

const impure = [
  `import '@aws-sdk/client-kinesis';`,
  `import '@aws-lambda-powertools/logger';`,
  `import '@smithy/node-http-handler';`,
  `import 'node:fs';`,
  `import 'node:fs/promises';`,
  `import 'node:timers/promises';`,
  `import 'node:net';`,
  `import 'node:http';`,
  `import 'node:process';`,
  `process.exit();`,
  `await fetch('http://x');`,
  ...ownTime,
];
const around = ['adapters', 'batch', 'contract', 'functions', 'ports'].map(
  (folder) => `import '../${folder}/some.ts';`,
);
export const core = [
  ...samples('lambda/core', true, [...impure, ...around]),
  ...samples('lambda/core', false, [
    `import 'zod';`,
    `import 'node:crypto';`,
    `import './events.ts';`,
    'export const later = new Date(1);',
  ]),
  ...samples('lambda/adapters', false, [...impure, ...around, `import '../core/events.ts';`]),
];

const node = [
  `import 'node:crypto';`,
  `import 'node:fs/promises';`,
  `export const bytes = Buffer.from('1');`,
  'export const { argv } = process;',
];
/** Each line is refused for the browser's sake alone: what builds the page runs on Node, and may hold it. */
export const browser = [
  ...['verify', 'web', 'web/page'].flatMap((folder) => [
    ...samples(folder, true, [...node, `import 'crypto';`]),
    ...samples(folder, false, [
      `import '@noble/hashes/sha2.js';`,
      `export const bytes = new TextEncoder().encode('1');`,
    ]),
  ]),
  ...samples('web/page', false, [
    `import type { LiveView } from '../../lambda/core/live-view.ts';\nexport const one: LiveView[] = [];`,
  ]),
  ...samples('web/check', true, [`import '../../lambda/core/beacon.ts';`]),
];
