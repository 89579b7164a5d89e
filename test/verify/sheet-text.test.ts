import { expect, it } from 'vitest';
import { Ledger } from '../../verify/ledger.ts';
import { readSheets } from '../../verify/sheet.ts';
import { fileOf, honest } from './support/cheat.ts';

const chunk = Buffer.alloc(2 ** 20, 'x');
/** More would be read only by somebody who reads on for ever. */
const most = 64;

/** What comes of a sheet that goes on without a newline. @returns how much of it was read as well */
async function readingOf(start: string) {
  const ledger = new Ledger();
  for (const [index, event] of fileOf({}).entries()) ledger.addLine(JSON.stringify(event), index + 1);
  let read = 0;
  async function* chunks() {
    yield Buffer.from(start);
    while (read < most) {
      read += 1;
      yield chunk;
    }
  }
  await readSheets([{ name: 'endless', chunks: chunks() }], ledger);
  const sheets = [...ledger.draws.values()].flatMap((draw) => draw.sheets);
  return {
    read,
    problems: sheets.flatMap(({ problems }) => problems),
    notes: [...ledger.findings.notes.keys()],
  };
}

it('gives up a line that is longer than a block can be, before it takes all memory', async () => {
  const { read, problems } = await readingOf(honest.sheet);
  expect(problems).toEqual([
    expect.stringMatching(/^the sheet endless: line \d+: what follows it is longer than a block can be$/),
  ]);
  expect(read).toBeLessThan(most);
});

it('takes a file whose first line is that long for no sheet', async () => {
  const { read, problems, notes } = await readingOf('');
  expect({ problems, notes }).toEqual({ problems: [], notes: ['no sheet of a draw, ignored'] });
  expect(read).toBeLessThan(most);
});
