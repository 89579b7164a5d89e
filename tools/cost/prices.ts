/**
 * List prices in US dollars, us-east-1, without free tiers, discounts, data transfer and support. A price is
 * per unit of the name; per million where it says so.
 */
export const prices = {
  kinesis: {
    shardHour: 0.015,
    /** Per million units of 25 KB, begun; a record has at least one. */
    millionPutUnits: 0.014,
    /** Beyond 24 hours, up to 7 days. */
    extendedRetentionShardHour: 0.02,
    onDemandStreamHour: 0.04,
    /** Per GB, each record rounded up to a KB. */
    onDemandGbIn: 0.08,
    onDemandGbOut: 0.04,
    /** Beyond 24 hours, up to 7 days. */
    onDemandExtendedGbMonth: 0.1,
  },
  dynamodb: {
    millionWrites: 0.625,
    millionReads: 0.125,
    gbMonth: 0.25,
    pointInTimeGbMonth: 0.2,
  },
  lambda: {
    /** arm64. */
    gbSecond: 0.000_013_333_4,
    millionRequests: 0.2,
  },
  sqs: { millionRequests: 0.4 },
  kms: { keyMonth: 1 },
  cloudwatch: {
    alarmMetricMonth: 0.1,
    dashboardMonth: 3,
    customMetricMonth: 0.3,
    logGb: 0.5,
  },
  flink: {
    kpuHour: 0.11,
    /** Running application storage; every KPU has 50 GB. */
    storageGbMonth: 0.1,
    storageGbPerKpu: 50,
  },
} as const;

export const hoursPerMonth = 730;
export const secondsPerMonth = hoursPerMonth * 3_600;
