/** Cheats with a sheet, as docs/fairness.md names them. */
import { describe, expect, it } from 'vitest';
import { causeOf, fileOf, honest, options } from '../support/cheat.ts';
import { check, drawFrom, nameOf } from '../support/lottery.ts';

describe('a sheet shortened', () => {
  const lines = honest.sheet.trimEnd().split('\n');

  it('is found by its name', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [`${lines.slice(0, -1).join('\n')}\n`]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1 is not the one that the winner's event names: its SHA-256 is/);
  });

  it('is found where the name is that of the rest, by the root that was closed', async () => {
    const [first] = honest.blocks;
    if (first === undefined) throw new Error('no block');
    const shorter = drawFrom(options, [first]);
    const winner = { ...shorter.winner, windowRoot: honest.close.windowRoot };
    const { failures, cause } = await causeOf(fileOf({ winner }), [shorter.sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1 says windowRoot .*, the close says .*$/);
  });

  it('is found where it is cut off in a line', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [honest.sheet.slice(0, -20)]);
    expect(failures).toBe(1);
    expect(cause).toContain('what follows it has no newline at its end');
  });
});

describe('two sheets for one draw', () => {
  const [, ...blocks] = honest.sheet.split('\n');
  const [header] = drawFrom({ ...options, prize: 'car' }, honest.blocks).sheet.split('\n');
  const other = [header, ...blocks].join('\n');

  it('are found where both are given', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [honest.sheet, other]);
    expect(failures).toBe(1);
    expect(cause).toBe('two different sheets: sheet 1 and sheet 2');
  });

  it('are found by whoever was given the other one', async () => {
    const { cause } = await causeOf(fileOf({}), [other]);
    expect(cause).toContain("is not the one that the winner's event names");
  });

  it('are one where it is given twice', async () => {
    const { failures, text } = await check(fileOf({}), [honest.sheet, honest.sheet]);
    expect(failures).toBe(0);
    expect(text).toContain('1 sheet, ');
  });
});

it('a winning entry that is given to another user is found without any receipt', async () => {
  const [header = '', ...blocks] = honest.sheet.split('\n');
  const winner = { ...JSON.parse(header).winner, userId: 'a friend' };
  const sheet = [JSON.stringify({ ...JSON.parse(header), winner }), ...blocks].join('\n');
  const told = { ...honest.winner, userId: 'a friend', sheet: nameOf(sheet) };
  const { failures, cause } = await causeOf(fileOf({ receipts: [], winner: told }), [sheet]);
  expect(failures).toBe(1);
  expect(cause).toMatch(
    /^the sheet sheet 1: entry .* of user .* won, and its first line says user a friend$/,
  );
});
