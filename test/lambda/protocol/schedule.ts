import type { DrawDependencies } from '../../../lambda/functions/draw/dependencies.ts';
import { Random } from '../../../local/faults/random.ts';
import { buy, click, start, stop } from '../../support/client-events.ts';
import { audit } from './audit.ts';
import { Faults } from './faults.ts';
import { WindowMapping } from './mappings.ts';
import { Simulation, windowMs } from './simulation.ts';

export interface ScheduleResult {
  readonly violations: readonly string[];
  /** How often each kind of fault was injected. */
  readonly faults: ReadonlyMap<string, number>;
  readonly simulation: Simulation;
}

export interface ScheduleOptions {
  readonly sabotage?: (real: DrawDependencies) => DrawDependencies;
}

const users = ['1', '2', 'anna', '40'];
const lotteries = ['1', '2'];
const rounds = 40;
const toleranceMs = 12_000;

/**
 * One random schedule from one seed: clients put events, time passes, invocations run, die, overlap and are
 * repeated; then the faults stop, everything drains, and the invariants are checked.
 */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<ScheduleResult> {
  const random = new Random(seed);
  const faults = new Faults(random);
  // Half of the schedules with a clock tolerance, half of them with idle windows that stay open for two minutes.
  const simulation = new Simulation(faults, random.chance(0.5) ? toleranceMs : undefined, options.sabotage);
  const idleMs = random.chance(0.5) ? 120_000 : 0;
  for (const mapping of simulation.mappings) if (mapping instanceof WindowMapping) mapping.idleMs = idleMs;
  for (const lotteryId of lotteries)
    simulation.lotteryInputs.appendJson(lotteryId, startEvent(simulation, random, lotteryId));
  faults.killChance = 0.03;
  faults.failChance = 0.03;
  for (let round = 0; round < rounds; round += 1) {
    simulation.now += random.pick([0, 100, 700, 3_000]);
    for (let count = random.below(6); count > 0; count -= 1) putEvent(simulation, random);
    if (random.chance(0.08)) simulation.now += 2 * windowMs;
    await turn(simulation, faults, 0.6);
  }
  faults.killChance = 0;
  faults.failChance = 0;
  const drained = await drain(simulation, faults);
  return { violations: [...drained, ...audit(simulation)], faults: faults.seen, simulation };
}

function putEvent(simulation: Simulation, random: Random): void {
  const userId = random.pick(users);
  const lotteryId = random.pick(lotteries);
  const kind = random.next();
  if (kind < 0.02) {
    simulation.lotteryInputs.appendJson(lotteryId, stop(lotteryId));
  } else if (kind < 0.1) {
    simulation.lotteryInputs.appendJson(lotteryId, startEvent(simulation, random, lotteryId));
  } else if (kind < 0.28) {
    const eventId = random.chance(0.3) ? { eventId: random.below(5) } : {};
    simulation.userInputs.appendJson(userId, buy(userId, random.below(9), eventId));
  } else if (kind < 0.3) {
    simulation.userInputs.append(userId, Buffer.from('not an event'));
  } else {
    const timestamp = simulation.now - random.pick([0, 0, 0, 500, 4_000, 15_000]);
    simulation.userInputs.appendJson(userId, click(userId, timestamp, lotteryId));
  }
}

function startEvent(simulation: Simulation, random: Random, lotteryId: string): object {
  const prizes = random.chance(0.4)
    ? { prizes: ['first', 'second', 'third'], timestamp: simulation.now }
    : {};
  return start(lotteryId, prizes);
}

/** Some of the mappings and the queue get a turn, all at the same time. */
async function turn(simulation: Simulation, faults: Faults, chance: number): Promise<void> {
  const invocations = simulation.mappings.flatMap((mapping) =>
    faults.random.chance(chance) ? mapping.deliver() : [],
  );
  const ticks = faults.random.chance(chance) ? simulation.dueTicks() : [];
  await faults.run([...invocations, ...ticks]);
}

/** Time passes until nothing is left to do; a pipeline that never comes to rest is a violation too. */
async function drain(simulation: Simulation, faults: Faults): Promise<string[]> {
  await faults.run(simulation.mappings.flatMap(({ zombies }) => zombies));
  for (let round = 0; round < 600; round += 1) {
    await turn(simulation, faults, 1);
    if (simulation.mappings.every(({ isCaughtUp }) => isCaughtUp) && simulation.ticks.messages.length === 0)
      return [];
    simulation.now += 1_000;
  }
  return ['the pipeline does not come to rest'];
}
