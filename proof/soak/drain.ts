import type { Channel } from '../../client/expectations.ts';
import { lotteryResources, lotterySettings } from '../../client/resources.ts';
import { audit } from '../audit/audit.ts';
import { stillOpen } from '../audit/blocks.ts';
import type { Evidence } from '../audit/evidence.ts';
import { idOf, recordOf } from '../oracle/aggregates.ts';
import { signaturesOf } from './chain-signatures.ts';
import { completeReplay } from './complete-replay.ts';
import { within } from './deadline.ts';
import type { SoakReport } from './report.ts';
import type { RunningSoak } from './running-soak.ts';
import { slackMs, streamsOf } from './streams.ts';
import { deadTicks, readStored } from './tables.ts';

/** What a run has come to, and what can be audited of it. */
export interface Drained {
  readonly report: Omit<SoakReport, 'violations'>;
  readonly evidence: Evidence;
}

/** Stops the faults, waits until everything is processed, drawn and ended, and reads all that is there then. */
export async function drained(soak: RunningSoak): Promise<Drained> {
  const { faults, clock, options } = soak;
  await faults.stop();
  await completeReplay(soak);
  const stoppedAt = clock.now();
  options.onProgress?.(`faults stopped after ${faults.log.total}; draining`);
  const undrained = await drain(soak);
  const drainMs = clock.now() - stoppedAt;
  const evidence = await restingEvidenceOf(soak);
  return { evidence, report: await reportOf(soak, evidence, { undrained, drainMs }) };
}

/** Needs nothing that runs: the verifier waits for what only the machine has, and no simulation's time may pass with it. */
export async function audited({ report, evidence }: Drained): Promise<SoakReport> {
  const violations = report.undrained.length === 0 ? await audit(evidence) : [];
  return { ...report, violations };
}

/** @returns what is missing when the time is up; nothing when all is processed, drawn and ended */
function drain(soak: RunningSoak): Promise<readonly string[]> {
  const { clock, options } = soak;
  return within(clock, options.drainSeconds * 1000, (deadline) => drainUntil(soak, deadline));
}

async function drainUntil(
  { options, runtime, watcher, expectations, clock }: RunningSoak,
  deadline: AbortSignal,
): Promise<readonly string[]> {
  const ending = AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]);
  // Not that of the queue: the end of a lottery whose last prize lies far ahead goes round it until then. Nor those of the
  // output streams: nothing is owed for what they read.
  const mappings = [...runtime.mappings.values()]
    .flat()
    .filter((mapping) => !/:sqs:|-output(-topic)?$/.test(mapping.status().sourceArn));
  const toldAt = clock.now();
  try {
    do {
      await watcher.until(() => expectations.complete, deadline);
      options.onProgress?.(`complete after ${clock.now() - toldAt} ms; looking for more`);
      for (const mapping of mappings) await mapping.drained(ending);
      await watcher.caughtUp(deadline);
    } while (!expectations.complete);
    return [];
  } catch (error) {
    if (!deadline.aborted || options.signal?.aborted) throw error;
    return expectations.missing.length > 0 ? expectations.missing : ['the mappings are not drained'];
  }
}

/** How long until it is looked again whether all ticks have come, ms. */
const PAUSE_MS = 1_000;

/** All that was put is drawn; what was delivered once more since waits for its ticks, as long as for all else. */
async function restingEvidenceOf(soak: RunningSoak): Promise<Evidence> {
  const { clock, options } = soak;
  const end = clock.now() + options.drainSeconds * 1000;
  for (;;) {
    const evidence = await evidenceOf(soak);
    if (stillOpen(evidence).length === 0 || clock.now() > end) return evidence;
    options.signal?.throwIfAborted();
    await clock.sleep(PAUSE_MS);
  }
}

async function evidenceOf(soak: RunningSoak): Promise<Evidence> {
  const { runtime, outer, watcher, putter, options, clock, redriven, signatureOf } = soak;
  options.onProgress?.('reading what is there');
  const streams = await streamsOf(watcher, outer, lotteryResources(runtime));
  const judged = (channel: Channel) => {
    const leftOut = redriven?.leftOut[channel] ?? new Set();
    const records = new Set([...leftOut].map(recordOf));
    return {
      put: putter.put[channel].filter((id) => !records.has(id)),
      inputs: streams.inputs[channel].filter((event) => !leftOut.has(idOf(event))),
    };
  };
  const [lottery, user] = [judged('lottery'), judged('user')];
  const emitted = {
    lottery: new Map(watcher.outputs.emitted.lottery),
    user: new Map(watcher.outputs.emitted.user),
  };
  await archived(soak);
  const stored = await readStored(runtime);
  return {
    settings: {
      ...{ ...lotterySettings(runtime), slackMs, until: clock.now() },
      ...(redriven && { redriven: redriven.late }),
      grants: putter.granted,
    },
    ...streams,
    put: { lottery: lottery.put, user: user.put },
    inputs: { lottery: lottery.inputs, user: user.inputs },
    ...{ ...stored, emitted },
    signatures: await signaturesOf(stored, signatureOf),
  };
}

/** Waits until the archive has all that is on the output streams, which nothing else waits for. */
async function archived({ runtime, options }: RunningSoak): Promise<void> {
  const mappings = runtime.mappings.get(`${options.environment}-archive`) ?? [];
  for (const mapping of mappings) await mapping.drained(options.signal);
}

async function reportOf(
  { options, faults, metrics, watcher, putter, runtime }: RunningSoak,
  { draws, refunds }: Evidence,
  found: Pick<SoakReport, 'undrained' | 'drainMs'>,
): Promise<Drained['report']> {
  const byKind = faults.log.byKind;
  return {
    seed: options.seed,
    command: options.command,
    events: putter.count,
    outcomes: watcher.outputs.counts(),
    draws: draws.length,
    refunded: refunds.length,
    faults: { total: faults.log.total, kinds: Object.keys(byKind).length, byKind },
    replays: metrics.replays,
    conflicts: metrics.conflicts,
    duplicates: watcher.outputs.duplicates,
    earlyWindows: metrics.earlyWindows,
    deadTicks: await deadTicks(runtime, options.environment),
    ...found,
  };
}
