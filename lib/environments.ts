/**
 * The environments: one entry each. What an entry does not name comes from `defaults`; adding an
 * environment is adding an entry. Every value can be overridden at synthesis: `-c dev:shards=2`.
 */

import type { Settings } from './settings.ts';

const defaults: Settings = {
  windowSeconds: 10,
  graceSeconds: 2,
  marginMilliseconds: 250,
  randomness: 'drand',
  beaconUrls: 'https://api.drand.sh,https://api2.drand.sh,https://api3.drand.sh,https://drand.cloudflare.com',
  clockToleranceSeconds: 120,
  shards: 1,
  lotteryShards: 1,
  tableCapacity: 'on-demand',
  retentionHours: 24,
  readFrom: 'oldest',
  lotteryEventsBatchSize: 100,
  userEventsBatchSize: 1_000,
  drawBatchSize: 1_000,
  ticksBatchSize: 10,
  lotteryEventsBatchingSeconds: 0,
  userEventsBatchingSeconds: 0,
  drawBatchingSeconds: 0,
  archiveBatchingSeconds: 60,
  memoryMb: 512,
  timeoutSeconds: 60,
  ticksTimeoutSeconds: 10,
  ticksVisibilitySeconds: 60,
  drawsRetentionDays: 365,
  drawsObjectLock: 'off',
  livePage: 'on',
  logRetentionDays: 7,
  logLevel: 'INFO',
  removalPolicy: 'destroy',
  deletionProtection: false,
  pointInTimeRecovery: false,
  encryption: 'aws-key',
  alarmEmail: 'none',
  alarmTopicArn: 'none',
  pageTopicArn: 'none',
  alarmLagSeconds: 60,
  alarmDrawDelaySeconds: 15,
  account: 'cli',
  region: 'cli',
};

export const environments: Readonly<Record<string, Settings>> = {
  dev: defaults,
  staging: {
    ...defaults,
    shards: 2,
    memoryMb: 1_769,
    logRetentionDays: 30,
    pointInTimeRecovery: true,
    // As in prod, so that what a key of one's own takes is seen before.
    encryption: 'own-key',
  },
  prod: {
    ...defaults,
    shards: 'on-demand',
    lotteryShards: 'on-demand',
    retentionHours: 168,
    // It is public: somebody has to want that.
    livePage: 'off',
    memoryMb: 1_769,
    logRetentionDays: 365,
    removalPolicy: 'retain',
    deletionProtection: true,
    pointInTimeRecovery: true,
    encryption: 'own-key',
  },
};
