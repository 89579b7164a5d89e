import { priority, windowSeed } from '../../../lambda/core/fairness.ts';
import type { Simulation } from './simulation.ts';

/**
 * The invariants of the whole protocol, checked from the tables and the output streams alone. Each returns the
 * violations that it finds, in words.
 */

type Json = Record<string, unknown>;

interface Receipt {
  readonly entryId: string;
  readonly userId: string;
  readonly drawId: string;
}

interface Ledger {
  readonly receipts: readonly Receipt[];
  readonly moves: readonly { entryId: string; fromDrawId: string; drawId: string }[];
  readonly refunds: readonly { entryId: string; drawId: string; userId: string }[];
}

export function audit(simulation: Simulation): string[] {
  const ledger = ledgerOf(simulation);
  return [
    ...everyEventHasOneOutcome(simulation),
    ...everyBalanceAddsUp(simulation),
    ...everyDrawIsAnnouncedOnce(simulation),
    ...everyEntryEndsSomewhere(simulation, ledger),
    ...everyWinnerIsRight(simulation, ledger),
    ...everyEndIsAnnouncedOnce(simulation),
    ...everyLateEntryIsAnnounced(simulation, ledger),
  ];
}

/** Each record of the input streams has exactly one distinct outcome, however often it was published. */
function everyEventHasOneOutcome(simulation: Simulation): string[] {
  return [
    { inputs: simulation.userInputs, outputs: simulation.userOutputs },
    { inputs: simulation.lotteryInputs, outputs: simulation.lotteryOutputs },
  ].flatMap(({ inputs, outputs }) => {
    const outcomes = new Map<string, Set<string>>();
    for (const output of outputs.values) {
      if (output.type === 'EntryMovedEvent') continue;
      const id = output.recordId ?? (output.type === 'ClickAcceptedEvent' ? output.entryId : undefined);
      if (typeof id === 'string')
        outcomes.set(id, (outcomes.get(id) ?? new Set()).add(JSON.stringify(output)));
    }
    return inputs.shards.flat().flatMap(({ shardId, sequenceNumber }) => {
      const count = outcomes.get(`${shardId}:${sequenceNumber}`)?.size ?? 0;
      return count === 1 ? [] : [`event ${shardId}:${sequenceNumber} has ${count} distinct outcomes`];
    });
  });
}

/** Each user has bought = spent + left, refunds counted back. */
function everyBalanceAddsUp(simulation: Simulation): string[] {
  const expected = new Map<string, number>();
  for (const output of distinct(simulation.userOutputs.values)) {
    const change = changeOf(output);
    const userId = String(output.userId);
    if (change !== 0) expected.set(userId, (expected.get(userId) ?? 0) + change);
  }
  return [...simulation.users.items].flatMap(([userId, { coupons }]) => {
    const sum = expected.get(userId) ?? 0;
    return coupons === sum ? [] : [`user ${userId} has ${coupons} coupons, the outcomes say ${sum}`];
  });
}

function changeOf(output: Json): number {
  if (output.type === 'CouponsBoughtEvent') return Number(output.purchasedCoupons);
  if (output.type === 'ClickAcceptedEvent') return -1;
  return output.type === 'CouponRefundedEvent' ? 1 : 0;
}

/** Each draw that is stored has one winner, and it was announced; nothing else was. */
function everyDrawIsAnnouncedOnce(simulation: Simulation): string[] {
  const announced = new Map<string, Set<string>>();
  for (const output of simulation.lotteryOutputs.values) {
    if (output.type !== 'LotteryWinnerEvent') continue;
    const drawId = String(output.drawId);
    announced.set(drawId, (announced.get(drawId) ?? new Set()).add(JSON.stringify(output)));
  }
  const ids = new Set([...announced.keys(), ...simulation.draws.draws.keys()]);
  return [...ids].flatMap((drawId) => {
    const count = announced.get(drawId)?.size ?? 0;
    if (!simulation.draws.draws.has(drawId)) return [`draw ${drawId} was announced, but is not stored`];
    return count === 1 ? [] : [`draw ${drawId} is stored, and was announced with ${count} distinct winners`];
  });
}

/** Each accepted entry took part in exactly one draw, or was moved to one, or its coupon went back. */
function everyEntryEndsSomewhere(simulation: Simulation, ledger: Ledger): string[] {
  return ledger.receipts.flatMap(({ entryId, drawId: first }) => {
    const seen = new Set<string>();
    let drawId = first;
    for (;;) {
      if (seen.has(drawId)) return [`entry ${entryId} was moved in a circle`];
      seen.add(drawId);
      const exits = exitsOf(ledger, entryId, drawId);
      if (exits.length > 1) return [`entry ${entryId} left draw ${drawId} ${exits.length} times`];
      const [exit] = exits;
      if (exit === undefined) break;
      if (exit === 'refunded') return [];
      drawId = exit;
    }
    return takesPart(simulation, ledger, entryId, drawId);
  });
}

/** It is in the draw if it won it, or lost to the winner, or lost to one that came too late to win. */
function takesPart(simulation: Simulation, ledger: Ledger, entryId: string, drawId: string): string[] {
  const draw = simulation.draws.draws.get(drawId);
  if (draw === undefined) return [`entry ${entryId} is in draw ${drawId}, which was not made`];
  const own = priority(draw.windowSeed, entryId);
  if (own >= draw.winner.priority) return [];
  const betterOnes = [
    ...ledger.moves.map((move) => ({ entryId: move.entryId, drawId: move.fromDrawId })),
    ...ledger.refunds,
  ];
  const lostToLate = betterOnes.some(
    (late) => late.drawId === drawId && priority(draw.windowSeed, late.entryId) < own,
  );
  return lostToLate ? [] : [`entry ${entryId} should have won draw ${drawId}`];
}

function exitsOf({ moves, refunds }: Ledger, entryId: string, drawId: string): string[] {
  const targets = moves.filter((move) => move.entryId === entryId && move.fromDrawId === drawId);
  const back = refunds.filter((refund) => refund.entryId === entryId && refund.drawId === drawId);
  return [...new Set(targets.map((move) => move.drawId)), ...back.map(() => 'refunded')];
}

/** Each winner is an entry of that draw, by receipt or by move, with the priority that the seed gives it. */
function everyWinnerIsRight(simulation: Simulation, ledger: Ledger): string[] {
  return [...simulation.draws.draws.values()].flatMap((draw) => {
    const { drawId, winner, lotteryId, run, windowStart } = draw;
    const isReceipt = ledger.receipts.some(
      (receipt) =>
        receipt.entryId === winner.entryId && receipt.userId === winner.userId && receipt.drawId === drawId,
    );
    const isMove = ledger.moves.some((move) => move.entryId === winner.entryId && move.drawId === drawId);
    if (!isReceipt && !isMove) return [`the winner of ${drawId} was never an entry of it`];
    if (exitsOf(ledger, winner.entryId, drawId).length > 0)
      return [`the winner of ${drawId} was moved out of it`];
    const ended = simulation.lotteryOutputs.values.find(
      (output) =>
        output.type === 'LotteryEndedEvent' && String(output.lotteryId) === lotteryId && output.run === run,
    );
    if (ended === undefined) return [];
    const seed = windowSeed(String(ended.seed), lotteryId, windowStart);
    return priority(seed, winner.entryId) === winner.priority ? [] : [`draw ${drawId} has a wrong priority`];
  });
}

/** Each run that is over was announced as ended, once, and no other. */
function everyEndIsAnnouncedOnce(simulation: Simulation): string[] {
  const announced = new Map<string, Set<string>>();
  for (const output of simulation.lotteryOutputs.values) {
    if (output.type !== 'LotteryEndedEvent') continue;
    const key = `${output.lotteryId}#${output.run}`;
    announced.set(key, (announced.get(key) ?? new Set()).add(JSON.stringify(output)));
  }
  return [...simulation.lotteries.store.items].flatMap(([lotteryId, { run: current }]) => {
    if (current === undefined) return [];
    return Array.from({ length: current.run }, (_, index) => index + 1).flatMap((run) => {
      const isOver = run < current.run || current.status === 'ended';
      const count = announced.get(`${lotteryId}#${run}`)?.size ?? 0;
      if (run === current.run && current.status === 'stopped') return [`lottery ${lotteryId} never ended`];
      return count === (isOver ? 1 : 0)
        ? []
        : [`run ${run} of lottery ${lotteryId} was ended ${count} times`];
    });
  });
}

/**
 * Each late entry that is stored was announced, or lost all the same to a better one that was (a zombie invocation
 * may store one from an old state and die).
 */
function everyLateEntryIsAnnounced(simulation: Simulation, ledger: Ledger): string[] {
  return [...simulation.draws.lateEntries.values()].flatMap(({ entryId, drawId, movedTo }) => {
    const kind = movedTo === undefined ? 'refunded' : 'moved';
    if (exitsOf(ledger, entryId, drawId).length === 1) return [];
    return takesPart(simulation, ledger, entryId, drawId).map(
      () => `entry ${entryId} is stored as ${kind}, not announced`,
    );
  });
}

function ledgerOf(simulation: Simulation): Ledger {
  const outputs = distinct(simulation.userOutputs.values);
  const ofType = (type: string) => outputs.filter((output) => output.type === type);
  return {
    receipts: ofType('ClickAcceptedEvent').map(({ entryId, userId, drawId }) => ({
      entryId: String(entryId),
      userId: String(userId),
      drawId: String(drawId),
    })),
    moves: ofType('EntryMovedEvent').map(({ entryId, fromDrawId, drawId }) => ({
      entryId: String(entryId),
      fromDrawId: String(fromDrawId),
      drawId: String(drawId),
    })),
    refunds: ofType('CouponRefundedEvent').map(({ entryId, drawId, userId }) => ({
      entryId: String(entryId),
      drawId: String(drawId),
      userId: String(userId),
    })),
  };
}

/** The outputs are at-least-once: the same record may be there many times. */
function distinct(outputs: readonly Json[]): Json[] {
  return [...new Map(outputs.map((output) => [JSON.stringify(output), output])).values()];
}
