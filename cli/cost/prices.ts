/**
 * List prices in US dollars, us-east-1, without free tiers, discounts, data transfer and support, as far as public
 * copies show them: AWS's pricing pages, and the price list as projects that read it have written it down. A price is
 * per unit of the name; per million where it says so.
 */
export const prices = {
  /** https://aws.amazon.com/kinesis/data-streams/pricing/. A GB is 2^30 bytes. */
  kinesis: {
    provisioned: {
      shardHour: 0.015,
      /** Per million units of 25 KB, begun; a record has at least one. */
      millionPutUnits: 0.014,
      /** Beyond 24 hours, up to 7 days; by the shard, whatever is in it. */
      extendedShardHour: 0.02,
      /** Beyond 7 days. */
      longTermGbMonth: 0.023,
    },
    onDemand: {
      streamHour: 0.04,
      /** Each record rounded up to a KB. */
      gbIn: 0.08,
      /** As many bytes as are read. With enhanced fan-out, which nothing here uses, it would be 0.05. */
      gbOut: 0.04,
      extendedGbMonth: 0.1,
      longTermGbMonth: 0.023,
      leastMbPerSecond: 0,
    },
    /**
     * On-demand Advantage: for all on-demand streams of an account in a region, at least a day long
     * (UpdateAccountSettings). What is below the least, in and out each, is paid as if it were there.
     */
    advantage: {
      streamHour: 0,
      gbIn: 0.032,
      gbOut: 0.016,
      extendedGbMonth: 0.023,
      longTermGbMonth: 0.023,
      leastMbPerSecond: 25,
    },
  },
  /** https://aws.amazon.com/dynamodb/pricing/, on-demand and provisioned. */
  dynamodb: {
    millionWrites: 0.625,
    millionReads: 0.125,
    /** A unit that is provisioned is one write, or one consistent read, a second. */
    writeUnitHour: 0.000_65,
    readUnitHour: 0.000_13,
    gbMonth: 0.25,
    pointInTimeGbMonth: 0.2,
  },
  lambda: {
    /** arm64. */
    gbSecond: 0.000_013_333_4,
    millionRequests: 0.2,
    /**
     * An hour of an Event Poller Unit, which has ten of a mapping's pollers; a mapping has one at least. Lambda Developer Guide,
     * "Apache Kafka event poller scaling modes", which has both figures.
     */
    pollerUnitHour: 0.185,
    pollersOfUnit: 10,
  },
  sqs: { millionRequests: 0.4 },
  /**
   * https://aws.amazon.com/appsync/pricing/, AppSync Events, and the price list of AWSAppSync, usage type EventAPI-Operation: an
   * operation is a message in or out, for each 5 KB begun, and also each connection, subscription and ping. A connection is paid
   * by the minute besides, 0.08 dollars a million, which nobody sees in a bill.
   */
  appsync: { millionOperations: 1 },
  /** https://aws.amazon.com/s3/pricing/, Standard. */
  s3: { millionPuts: 5, millionGets: 0.4, gbMonth: 0.023 },
  /** https://aws.amazon.com/firehose/pricing/, from a Kinesis stream, of the first 500 TB; each record rounded up to 5 KB. */
  firehose: { gbIn: 0.029, recordKb: 5 },
  /** https://aws.amazon.com/kms/pricing/: requests to asymmetric keys other than RSA 2048 cost 0.15 per 10,000. */
  kms: { keyMonth: 1, millionSigns: 15 },
  cloudwatch: {
    alarmMetricMonth: 0.1,
    dashboardMonth: 3,
    customMetricMonth: 0.3,
    logGb: 0.5,
  },
  /** https://docs.aws.amazon.com/managed-flink/latest/java/how-pricing.html. */
  flink: {
    kpuHour: 0.11,
    /** Running application storage; every KPU has 50 GB. */
    storageGbMonth: 0.1,
    storageGbPerKpu: 50,
  },
} as const;

/** What on-demand streams cost: in the standard mode, or in that of the account. */
export type OnDemandPrices = Readonly<Record<keyof typeof prices.kinesis.onDemand, number>>;

export const hoursPerMonth = 730;
export const secondsPerMonth = hoursPerMonth * 3_600;
