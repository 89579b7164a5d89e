import type { SimulatedConnector } from '../simulation/conditions.ts';
import { aggregates } from './aggregates.ts';
import { delivery } from './delivery.ts';
import { draws } from './draws.ts';
import { grants } from './grants.ts';
import { lotteries } from './lotteries.ts';
import type { Mutant } from './mutant.ts';
import { refunds } from './refunds.ts';
import { time } from './time.ts';
import { topics } from './topics.ts';
import { users } from './users.ts';

const on = (connector: SimulatedConnector, all: readonly Mutant[]): readonly Mutant[] =>
  all.map((mutant) => ({ ...mutant, connector }));

/** What each rule of the protocol is for: without it, some run goes wrong. */
export const mutants: readonly Mutant[] = [
  ...users,
  ...lotteries,
  ...delivery,
  ...on('kinesis', aggregates),
  ...time,
  ...draws,
  ...refunds,
  ...grants,
  ...on('kafka', topics),
];
