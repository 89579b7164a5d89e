import { type Channel, Expectations } from '../../../../client/expectations.ts';
import { ownBeacon } from '../../../../client/own-beacon.ts';
import { lotteryResources, lotterySettings } from '../../../../client/resources.ts';
import { KinesisStreams } from '../../../../client/streams/kinesis-streams.ts';
import { systemClock } from '../../../../local/clock.ts';
import { startRuntime } from '../../../../local/runtime.ts';
import type { Runtime, RuntimeSettings } from '../../../../local/runtime-options.ts';
import { judge } from '../../../../proof/audit/judge.ts';
import { Observations } from '../../../../proof/soak/observations.ts';
import { RecordPutter } from '../../../../proof/soak/record-putter.ts';
import { slackMs, streamsOf } from '../../../../proof/soak/streams.ts';
import { readStored } from '../../../../proof/soak/tables.ts';
import { ownClient, Watcher } from '../../../../proof/soak/watcher.ts';
import { withPatientFunctions } from '../../../support/patient-functions.ts';
import { drawnAtOnce, sharedAssembly } from '../../../support/shared-assembly.ts';

const channels = ['user', 'lottery'] as const;

export interface WatchedRuntime {
  runtime: Runtime;
  putter: RecordPutter;
  watcher: Watcher;
  expectations: Expectations;
  /** Resolves when every record that was put has its outcome. */
  answered(): Promise<void>;
  /** What the oracle finds wrong with what is on the streams and in the users' items. */
  violations(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The dev environment with short windows, and somebody who reads along on its streams. */
export async function startWatched(options: Partial<RuntimeSettings>): Promise<WatchedRuntime> {
  const assembly = await sharedAssembly(drawnAtOnce);
  const runtime = await startRuntime({
    ...{ ...ownBeacon, ...options },
    assembly: withPatientFunctions(assembly),
  });
  const kinesis = ownClient(runtime);
  const outer = new KinesisStreams(kinesis);
  const clock = systemClock;
  const failures = new AbortController();
  const resources = lotteryResources(runtime);
  const expectations = new Expectations({ windowMs: resources.windowMs, now: () => clock.now() });
  const watcher = new Watcher({
    ...{ outer, clock, signal: failures.signal },
    observations: new Observations(resources, expectations),
    fail: (error) => failures.abort(error),
  });
  const grants = { dynamodb: runtime.clients.dynamodb, table: runtime.outputs.GrantsTableName ?? '' };
  const putter = new RecordPutter(outer, grants, clock, resources);
  const read = { user: new Set<string>(), lottery: new Set<string>() };
  /** Whether all that was put on a stream was read there, and so is waited for. Functions put records too. */
  const isRead = (channel: Channel) => {
    const known = read[channel];
    for (const record of watcher.inputs[channel].slice(known.size))
      known.add(`${record.shardId}:${record.sequenceNumber}`);
    return putter.put[channel].every((id) => known.has(id));
  };
  return {
    ...{ runtime, putter, watcher, expectations },
    async answered() {
      // The test's own time-out ends the wait.
      const never = new AbortController().signal;
      await watcher.until(() => channels.every(isRead) && expectations.outcomes.owed === 0, never);
    },
    async violations() {
      const { inputs, parents, published } = await streamsOf(watcher, outer, resources);
      const settings = { ...lotterySettings(runtime), slackMs, until: clock.now(), grants: putter.granted };
      const { users } = await readStored(runtime);
      return judge({ records: inputs, parents }, settings, published, users);
    },
    async stop() {
      await watcher.stop();
      kinesis.destroy();
      await runtime.stop();
    },
  };
}
