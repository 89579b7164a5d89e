/** The blocks of docs/fairness.md, "Check by hand", as they stand there: on whole lotteries, and on what a cheat makes of them. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quicknet } from '../../lambda/contract/quicknet.ts';
import { madeByFunctions, madeByOtherTools, type Published } from './published.ts';

const run = promisify(execFile);
const tools = ['openssl', 'sh', 'sed', 'grep', 'awk', 'od', 'sort', 'cut', 'fold'];
/** Nothing is asked of them but whether they can be started. */
const absent = tools.filter(
  (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
);
const whole = /^entryId=.*$/m;
/** Between the outputs of two blocks. */
const mark = 'next block';

let directory: string;
let blocks: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'by-hand-'));
  const page = await readFile(new URL('../../docs/fairness.md', import.meta.url), 'utf8');
  const section = /^## Check by hand$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
  blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** What the page says of each block: the comments that end it. */
const expected = () =>
  blocks.map((block) => (/(?:^# .*\n)*(?![\s\S])/m.exec(block)?.[0] ?? '').replaceAll(/^# /gm, ''));

/** @returns what each block prints */
async function printed({ events, sheets }: Published, entryId: string): Promise<string[]> {
  const cwd = await mkdtemp(join(directory, 'run-'));
  await mkdir(join(cwd, 'sheets'));
  await writeFile(join(cwd, 'events.jsonl'), events.map((line) => `${line}\n`).join(''));
  for (const [name, text] of Object.entries(sheets))
    await writeFile(join(cwd, 'sheets', `${name}.jsonl`), text);
  const script = blocks.join(`echo '${mark}'\n`).replace(whole, `entryId=${entryId}`);
  const { stdout } = await run('sh', ['-c', script], { cwd });
  return stdout.split(`${mark}\n`);
}

/** Of the receipts. */
function entryIds({ events }: Published): string[] {
  return events.flatMap((line) =>
    line.startsWith('{"type":"ClickAcceptedEvent"') ? [String(JSON.parse(line).entryId)] : [],
  );
}

/** @returns of a lottery that the blocks go through, what they say does not hold */
async function contradictions(published: Published, entryId: string): Promise<string[]> {
  const lines = (await printed(published, entryId)).join('').split('\n');
  return lines.flatMap((line) => {
    const [, name] = /^(.*): DOES NOT HOLD, /.exec(line) ?? (/fail/i.test(line) ? [line, 'signature'] : []);
    return name === undefined ? [] : [name];
  });
}

interface Cheat {
  /** In all events of a type, or in all sheets. */
  readonly where: string;
  readonly from: string | RegExp;
  readonly to: string;
}

function cheated({ events, sheets }: Published, { where, from, to }: Cheat): Published {
  const changed = (text: string) => text.replaceAll(from, to);
  const lines = events.map((line) => (line.startsWith(`{"type":"${where}"`) ? changed(line) : line));
  const texts = Object.entries(sheets).map(([name, text]) => [
    name,
    where === 'sheet' ? changed(text) : text,
  ]);
  return { events: lines, sheets: Object.fromEntries(texts) };
}

/** The winner of the second draw, and the one that comes after. */
const best = 'shardId-000000000000:49545115243490985018280067714973144582180062593244200970';
const next = 'shardId-000000000002:49545115243490985018280067714973144582180062593244200969';
const lower = "lower one, yours or the winner's";

const cheats: readonly (Cheat & { readonly contradicts: readonly string[] })[] = [
  {
    ...{ where: 'ClickAcceptedEvent', from: '"userId":"a\\"b"', to: '"userId":"z"' },
    contradicts: ['path of the receipt', 'signature', 'your entry'],
  },
  { where: 'ClickAcceptedEvent', from: '"signature":"', to: '"signature":"A', contradicts: ['signature'] },
  {
    where: 'DrawClosedEvent',
    from: '"round":100',
    to: '"round":101',
    contradicts: ['round of the close', 'round of the winner'],
  },
  { where: 'DrawClosedEvent', from: '"closedAt":1', to: '"closedAt":2', contradicts: ['round of the close'] },
  {
    ...{ where: 'DrawClosedEvent', from: /"windowRoot":"./g, to: '"windowRoot":"x' },
    contradicts: ['root of the winner', 'root of the window'],
  },
  {
    ...{ where: 'LotteryWinnerEvent', from: '"windowSeed":"debf', to: '"windowSeed":"0000' },
    contradicts: [
      'commitment of the window',
      'priority of the winner',
      lower,
      'seed of the window',
      'winner',
    ],
  },
  {
    ...{ where: 'LotteryWinnerEvent', from: best, to: next },
    contradicts: ['priority of the winner', 'winner', 'user of the winner'],
  },
  {
    where: 'LotteryWinnerEvent',
    from: '"priority":"8',
    to: '"priority":"9',
    contradicts: ['priority of the winner', lower, 'winner'],
  },
  {
    ...{ where: 'LotteryEndedEvent', from: '"seed":"00', to: '"seed":"11' },
    contradicts: ['seed of the window', 'commitment of the run'],
  },
  {
    ...{ where: 'sheet', from: `["${best}","a\\"b"],`, to: '' },
    contradicts: [
      'name of the sheet',
      'root of a block',
      'your entry',
      'number of entries',
      'winner',
      'user of the winner',
    ],
  },
  {
    ...{ where: 'sheet', from: /\{"root":"6.*\n/g, to: '' },
    contradicts: ['name of the sheet', 'number of blocks', 'root of the window', 'number of entries'],
  },
];

describe('with what every machine has', () => {
  it.for([
    ['what other tools made', [0, 5, 8], async () => madeByOtherTools()],
    ['what the functions make', [1, 2], async () => madeByFunctions(quicknet)],
    ['what the functions make of a replay', [3], async () => madeByFunctions(quicknet, true)],
    ['what the functions make without a beacon', [3], async () => madeByFunctions(undefined)],
  ] as const)('every block prints what the page says, of %s', async ([, receipts, make], { skip }) => {
    if (absent.length > 0) skip(`${absent.join(', ')} is not on the PATH`);
    const published = await make();
    expect(expected().filter((lines) => lines !== '')).toHaveLength(7);
    const ids = entryIds(published);
    for (const index of receipts) {
      const id = ids[index] ?? '';
      expect(await printed(published, id), id).toEqual(expected());
    }
  });

  it.for(cheats)('$where: $from as $to is contradicted', async ({ contradicts, ...cheat }, { skip }) => {
    if (absent.length > 0) skip(`${absent.join(', ')} is not on the PATH`);
    expect(await contradictions(cheated(madeByOtherTools(), cheat), best)).toEqual(contradicts);
  });
});
