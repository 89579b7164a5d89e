import { usualDrawDelay } from '../../lib/setting-constraints.ts';
import { ends } from '../../lib/setting-fields.ts';
import { type SettingName, type Settings, settingFields } from '../../lib/settings.ts';
import * as functions from './limits/functions.ts';
import { type Situation, situationOf } from './limits/limit.ts';
import { pollersNeeded, shardsNeeded } from './limits/streams.ts';
import { assumptions, type Load, shardsForRecords, type Work } from './load.ts';
import { quotas } from './quotas.ts';
import { provisioned, usersUnits } from './tables.ts';

/** What is given is planned with room, as shards are. */
const room = assumptions.shardUse;
const second = 1_000;
const delayRoomSeconds = 3;
/** Each second makes every outcome that much later: for draws alone, no more than that. */
const longestForDraws = 5;
/** Records of a batch of Lambda's. */
const largestBatch = 10_000;

/** One setting that a load asks for, and what of the load does. */
export type Advice = {
  [Name in SettingName]: { readonly setting: Name; readonly value: Settings[Name]; readonly why: string };
}[SettingName];

type Step = (situation: Situation) => readonly Advice[];

/** In this order: each sees what those before have changed. */
const steps: readonly Step[] = [
  ...[memory, shards, tableOfUsers, lotteryShards],
  ...[batches, drawDelay, pollers, timeOfDraw],
];

/** What to set for a load beyond what is set. @returns the settings with it, and each change by name */
export function advised(settings: Settings, load: Load): { settings: Settings; advice: readonly Advice[] } {
  let changed = settings;
  const advice: Advice[] = [];
  for (const step of steps) {
    for (const one of step(situationOf(changed, load))) {
      changed = { ...changed, [one.setting]: one.value };
      advice.push(one);
    }
  }
  return { settings: changed, advice };
}

/** Whether a setting may be that: its bounds are lib/settings.ts's. */
export function takes<Name extends SettingName>(setting: Name, value: Settings[Name]): boolean {
  return settingFields[setting].parse(value) !== undefined;
}

/** A core where less cannot keep up, and what the entries of a draw take. */
function memory(situation: Situation): readonly Advice[] {
  const { memoryMb: given } = situation.settings;
  const busy = functions.userEventsMs(situation);
  const isBusy = busy > second * room;
  // A core makes more draws on a shard, which is cheaper than more shards.
  const forCore = isBusy || drawsDecide(situation) ? assumptions.coreMemoryMb : 0;
  // Where draws cannot keep up, no memory makes them.
  const isInTime = functions.drawBusyMs(situation) <= second;
  const forDraw = isInTime ? Math.ceil(functions.drawMemoryMb(situation) / room) : 0;
  const value = Math.min(Math.max(forCore, forDraw), quotas.lambda.memoryMb);
  if (value <= given) return [];
  const why =
    forDraw > forCore
      ? `a draw has ${text(functions.entriesOfDraw(situation))} entries`
      : isBusy
        ? `with ${text(given)} MB user-events is busy for ${text(busy)} ms of each second`
        : `with ${text(given)} MB draws would need ${text(drawShards(situation))} shards`;
  return [{ setting: 'memoryMb', value, why }];
}

/** On-demand streams give what clicks need; what many lotteries' draws need has to be asked for. */
function shards(situation: Situation): readonly Advice[] {
  const { settings, load, work } = situation;
  const { shards: given } = settings;
  const needed = shardsOfLoad(situation);
  if (needed <= (given === 'on-demand' ? work.entriesShards : given)) return [];
  const value = takes('shards', needed) ? needed : 'on-demand';
  const why = drawsDecide(situation)
    ? `${text(needed)} shards make the draws of ${text(load.lotteries)} lotteries`
    : `${text(needed)} shards take ${text(load.clicksPerSecond)} clicks/s`;
  const times = given === 'on-demand' ? 0 : Math.ceil(Math.log2(needed / given));
  const how = times > 1 ? `; ${times} deployments: each at most doubles them` : '';
  return value === given ? [] : [{ setting: 'shards', value, why: `${why}${how}` }];
}

/** Shards that clicks and draws need. */
export function shardsOfLoad(situation: Situation): number {
  return Math.max(shardsNeeded(situation), drawShards(situation));
}

/** A lottery is on one shard: there are never more to use. */
function drawShards(situation: Situation): number {
  return Math.min(functions.shardsForDraws(situation), situation.load.lotteries);
}

/** Whether more shards are needed for draws than an on-demand stream has for clicks. */
export function drawsDecide(situation: Situation): boolean {
  return drawShards(situation) > Math.max(shardsNeeded(situation), assumptions.onDemandShards);
}

function tableOfUsers({ settings, load }: Situation): readonly Advice[] {
  const { tableCapacity } = settings;
  const needed = provisioned(usersUnits(load).writes);
  if (tableCapacity === 'on-demand' || needed <= ends(tableCapacity).most) return [];
  const why = `the table of users needs ${text(needed)} write units a second`;
  return [{ setting: 'tableCapacity', value: spanFor(load) ?? 'on-demand', why }];
}

/**
 * A span that carries a load: from what reads are provisioned at, so that nothing is paid for idling, to twice the writes.
 * @returns undefined where that is more than the setting takes
 */
export function spanFor(load: Load): Exclude<Settings['tableCapacity'], 'on-demand'> | undefined {
  const { reads, writes } = usersUnits(load);
  const needed = provisioned(writes);
  const span = (most: number) => `${Math.max(1, provisioned(reads))}-${most}` as const;
  return [Math.max(needed, Math.ceil(2 * writes)), quotas.dynamodb.tableUnits]
    .filter((most) => most >= needed)
    .map(span)
    .find((value) => takes('tableCapacity', value));
}

function lotteryShards({ settings, work }: Situation): readonly Advice[] {
  const { lotteryShards: given } = settings;
  const needed = lotteryShardsNeeded(work);
  if (given === 'on-demand' || needed <= given) return [];
  const why = `${text(work.draws)} draws a second are two records each`;
  return [{ setting: 'lotteryShards', value: needed, why }];
}

/** A draw is closed, and drawn. */
export function lotteryShardsNeeded({ draws }: Pick<Work, 'draws'>): number {
  return Math.max(1, shardsForRecords(2 * draws));
}

/** Fewer, larger batches, where one a second and shard is more than KMS, a key of `entries` or the draw of a lottery takes. */
function batches(situation: Situation): readonly Advice[] {
  const { settings, load, work } = situation;
  const ofLottery = work.partials / load.lotteries;
  const signed = work.blocks / quotas.kms.signatures;
  const over = Math.max(signed, ofLottery / quotas.kinesis.shardRecordsIn) / room;
  const given = Math.max(1, settings.userEventsBatchingSeconds);
  const forDraws = Math.ceil(given * functions.partialsOver(situation));
  const eases = forDraws <= longestForDraws && partialsWith(situation, forDraws) < work.partials;
  const seconds = Math.max(Math.ceil(given * over), eases ? forDraws : 0);
  if (seconds <= given) return [];
  const records = (load.clicksPerSecond / (load.clicksPerRecord ?? 1) / work.shards) * seconds;
  const size = Math.min(Math.ceil(records / room / 100) * 100, largestBatch);
  return [
    {
      ...{ setting: 'userEventsBatchingSeconds', value: seconds },
      why: `${text(work.blocks)} batches a second are as many signatures, and blocks of each lottery`,
    },
    ...(size <= settings.userEventsBatchSize ? [] : [largerBatches(size, records, seconds)]),
  ];
}

/** With batches so long: as many where each click is one of its own. */
function partialsWith({ settings, load }: Situation, userEventsBatchingSeconds: number): number {
  return situationOf({ ...settings, userEventsBatchingSeconds }, load).work.partials;
}

function largerBatches(value: number, records: number, seconds: number): Advice {
  return {
    ...{ setting: 'userEventsBatchSize', value },
    why: `${text(records)} records of a shard come in ${seconds} s`,
  };
}

/** Longer batches make winners later, of which an alarm would tell. */
function drawDelay({ settings }: Situation): readonly Advice[] {
  const usual = usualDrawDelay(settings);
  if (usual < settings.alarmDrawDelaySeconds) return [];
  const value = Math.ceil(usual) + delayRoomSeconds;
  return [{ setting: 'alarmDrawDelaySeconds', value, why: `a winner is usually out after ${text(usual)} s` }];
}

function pollers({ settings, load }: Situation): readonly Advice[] {
  const { kafkaPollers } = settings;
  const needed = pollersNeeded(load);
  if (kafkaPollers === 'on-demand' || needed <= ends(kafkaPollers).most) return [];
  const value = `${ends(kafkaPollers).least}-${Math.ceil(needed / room)}` as const;
  const why = `each takes ${quotas.lambda.pollerMb} MB/s, of partitions of its own`;
  return takes('kafkaPollers', value) ? [{ setting: 'kafkaPollers', value, why }] : [];
}

function timeOfDraw(situation: Situation): readonly Advice[] {
  const { timeoutSeconds: given } = situation.settings;
  const needed = functions.drawSeconds(situation);
  const value = Math.min(quotas.lambda.timeoutSeconds, Math.ceil(needed / room));
  if (value <= given || functions.drawBusyMs(situation) > second) return [];
  return [{ setting: 'timeoutSeconds', value, why: `a draw takes ${text(needed)} s` }];
}

function text(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
