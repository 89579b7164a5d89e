/** Cheats with what a draw is made of: its seed, its round, its beacon and its winner. docs/fairness.md names them. */
import { describe, expect, it } from 'vitest';
import * as hashes from '../../../verify/hashes.ts';
import { causeOf, fileOf, honest, options } from '../support/cheat.ts';
import {
  chain,
  check,
  drawFrom,
  ended,
  firstWindow,
  graceMs,
  nameOf,
  seed,
  started,
  windowMs,
} from '../support/lottery.ts';
import { TestChain } from '../support/scheme.ts';

it('an honest draw has nothing to find', async () => {
  expect(await check(fileOf({}), [honest.sheet])).toMatchObject({ failures: 0, failed: '' });
});

describe('a seed changed', () => {
  const windowSeed = 'ab'.repeat(32);
  const other = drawFrom(options, honest.blocks, { windowSeed });

  it('is found by what was published when the draw closed', async () => {
    const events = fileOf({ winner: other.winner }).slice(0, -1);
    const { failures, cause } = await causeOf(events, [other.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('windowSeed does not fit the windowSeedCommitment of its close');
  });

  it('is found by what was published when the lottery started, once it has ended', async () => {
    const { failures, cause } = await causeOf(fileOf({ ...other }), [other.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('windowSeed does not come from the revealed seed');
  });

  it('is found where another seed is revealed', async () => {
    const { failures, cause } = await causeOf(
      [...fileOf({ ...other }).slice(0, -1), { ...ended(), seed: windowSeed }],
      [other.sheet],
    );
    expect(failures).toBe(1);
    expect(cause).toBe(
      'FAIL  lottery 7, run 1: the seed does not fit the seedCommitment published at the start',
    );
    expect(seed).not.toBe(windowSeed);
  });
});

describe('a round changed', () => {
  const round = Number(honest.close.round) + 1;
  const later = drawFrom(options, honest.blocks, { round });

  it('is found after the close', async () => {
    const { failures, cause } = await causeOf(fileOf({ winner: later.winner }), [later.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe(`the winner is drawn by round ${round}, and its close names round ${round - 1}`);
  });

  it('is found at the close: a round follows from the clock', async () => {
    const { failures, cause } = await causeOf(fileOf({ ...later }), [later.sheet]);
    const closedAt = firstWindow + windowMs + graceMs + 500;
    expect(failures).toBe(1);
    expect(cause).toBe(
      `its close names round ${round}, and by closedAt ${closedAt} it is round ${round - 1}`,
    );
  });

  it('is found where the beacon is left out', async () => {
    const { close, winner, sheet } = drawFrom({ ...options, beacon: false }, honest.blocks);
    const { cause } = await causeOf(fileOf({ close, winner }), [sheet]);
    expect(cause).toBe('its close names no beacon, and the start of its run chain ea72df70');
    const { cause: alone } = await causeOf(fileOf({ winner }), [sheet]);
    expect(alone).toMatch(/^the winner is drawn by no round, and its close names round \d+$/);
  });
});

describe('a beacon forged', () => {
  it.each([
    ['that of another round', chain.sign(Number(honest.close.round) - 1)],
    ['no point', `${'ab'.repeat(48)}`],
    ['the point at infinity', `c0${'00'.repeat(47)}`],
  ])('is found: %s', async (_, beaconSignature) => {
    const forged = drawFrom(options, honest.blocks, { beaconSignature });
    const { failures, cause } = await causeOf(fileOf({ winner: forged.winner }), [forged.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe(`beaconSignature is not that of round ${honest.close.round} of chain ea72df70`);
  });

  it("is found in another's chain that is called quicknet", async () => {
    const { quicknet } = await import('../../../verify/beacon.ts');
    const beacon = { ...new TestChain().info, chainHash: quicknet.chainHash };
    const { cause } = await causeOf([started(true, { beacon })], []);
    expect(cause).toBe(
      'FAIL  lottery 7, run 1: its beacon is named quicknet, and has not the key, genesis and period of quicknet',
    );
  });
});

describe('a winner swapped', () => {
  const [header = '', ...blocks] = honest.sheet.split('\n');
  const told = JSON.parse(header);
  const friend = honest.receipts.find(({ entryId }) => entryId !== honest.winner.entryId);

  it('is found: another entry has a lower priority', async () => {
    const entryId = String(friend?.entryId);
    const its = hashes.priority(hashes.drawSeed(told.windowSeed, told.beaconSignature), entryId);
    const swapped = { entryId, userId: String(friend?.userId), priority: its };
    const sheet = [JSON.stringify({ ...told, winner: swapped }), ...blocks].join('\n');
    const winner = { ...honest.winner, ...swapped, sheet: nameOf(sheet) };
    const { failures, cause } = await causeOf(fileOf({ winner }), [sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1: entry .* of user .* has a lower priority than the winner$/);
  });

  it('is found: the entry is that of another user', async () => {
    const { failures, cause } = await causeOf(fileOf({ winner: { ...honest.winner, userId: 'mallory' } }), [
      honest.sheet,
    ]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/winner's user .*, the winner's event says mallory$/);
  });
});
