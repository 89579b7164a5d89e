import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FunctionName, kafkaVariables } from '../../lambda/contract/variables.ts';
import { bundle } from '../../lib/bundling/bundle.ts';
import { retryableErrors, shakeableSchemas } from '../../lib/bundling/sdk-schemas.ts';
import { projectRoot } from '../../lib/project-root.ts';

/** KB, some three hundredths above what they are: what is bigger has got something that it had not, and a reason for it. */
const atMostKb: Readonly<Record<FunctionName, number>> = {
  ...{ 'lottery-events': 296, 'user-events': 354, draw: 390, ticks: 230 },
  ...{ archive: 260, live: 320, 'receipts-public-key': 176 },
};
const onKafkaAtMostKb: Readonly<Record<keyof typeof kafkaVariables, number>> = {
  ...{ 'lottery-events': 715, 'user-events': 780, draw: 810, ticks: 655, archive: 260, live: 320 },
};
const bundles = [
  ...Object.entries(atMostKb).map(([name, kb]) => ({ name, kb, entry: `${name}/handler` })),
  ...Object.entries(onKafkaAtMostKb).map(([name, kb]) => ({
    ...{ name: `${name} on Kafka`, kb, entry: `${name}/kafka-handler` },
  })),
];

/** What the libraries bring with them, and replaced-parts.ts and sdk-schemas.ts leave out. */
const leftOut = new RegExp(
  [
    ...[
      'event-streams/eventstream',
      'node-http2',
      'endpoint/bdd',
      'endpoints/util-endpoints/',
      'partitions[.]js',
    ],
    ...[
      'parseIni',
      'DefaultRateLimiter',
      'endpoint-cache',
      's3-express/functions/sign',
      'credential-provider',
    ],
    ...['/ajv/', '/avsc/', 'kafka/dist/clients/(?:admin|consumer)/'],
  ].join('|'),
);

let files: ReadonlyMap<string, string>;

beforeAll(() => {
  const made = bundle(bundles.map(({ name, entry }) => ({ in: `lambda/functions/${entry}.ts`, out: name })));
  const textOf = (contents: Uint8Array) => Buffer.from(contents).toString('utf8');
  files = new Map(made.map(({ path, contents }) => [path.slice(projectRoot.length), textOf(contents)]));
});

function fileOf(path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`There is no ${path}`);
  return text;
}

function mapOf(name: string) {
  return JSON.parse(fileOf(`${name}.mjs.map`)) as ConstructorParameters<typeof SourceMap>[0];
}

describe.each(bundles)('the bundle of $name', ({ name, kb }) => {
  test('has no more than functions need', () => {
    expect(Buffer.byteLength(fileOf(`${name}.mjs`)) / 1_024).toBeLessThan(kb);
    expect(mapOf(name).sources.filter((source) => leftOut.test(source))).toEqual([]);
  });

  test('has a map that says where an error was thrown', () => {
    const [text, source] = ['There is no region', 'lambda/adapters/sdk/endpoints.ts'];
    const lines = fileOf(`${name}.mjs`).split('\n');
    const line = lines.findIndex((code) => code.includes(text));
    const entry = new SourceMap(mapOf(name)).findEntry(line, lines[line]?.indexOf(text) ?? 0);
    if (!('originalLine' in entry)) throw new Error('The map does not know it');
    expect(entry.originalSource).toBe(source);
    expect(readFileSync(`${projectRoot}${source}`, 'utf8').split('\n')[entry.originalLine]).toContain(text);
  });
});

describe('schemas that can be left out', () => {
  const source = [
    ...['const _a = "a";', 'const _hE = "httpError";', 'const n0_registry = new TypeRegistry(n0);'],
    ...[
      'export var Kept$ = [-3, n0, _a, { [_hE]: 400 }, [], []];',
      'n0_registry.registerError(Kept$, Kept);',
    ],
    ...['n0_registry.registerError(Dropped$, Dropped);', 'export var All$ = [];', ''],
  ].join('\n');

  test('have no computed keys, and register the errors that are needed, each in its line', () => {
    const made = shakeableSchemas(source, (error) => error === 'Kept').split('\n');
    expect(made).toEqual([
      ...['const _a = "a";', 'const _hE = "httpError";', 'const n0_registry = new TypeRegistry(n0);'],
      ...[
        'export var Kept$ = [-3, n0, _a, { "httpError": 400 }, [], []];',
        'n0_registry.registerError(Kept$, Kept);',
      ],
      ...['', 'export var All$ = [];', ''],
    ]);
  });

  test.each([
    ['without constants', source.replaceAll('const _', 'let _'), 'No schemas as they were'],
    ['without errors', source.replaceAll('registerError', 'register'), 'No schemas as they were'],
    ['with a key from elsewhere', source.replace('[_hE]', '[_other]'), '_other is not a constant'],
  ])('are refused %s: the SDK writes them otherwise now', (_, other, message) => {
    expect(() => shakeableSchemas(other, () => true)).toThrow(message);
  });

  test('keep errors that are tried again, and must know errors', () => {
    const errors = 'export class A extends B {\n    $retryable = {};\n}\nexport class C extends B {\n}\n';
    expect(retryableErrors(errors)).toEqual(new Set(['A']));
    expect(() => retryableErrors('class A {}')).toThrow('No errors as they were');
  });
});
