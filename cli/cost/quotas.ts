/**
 * What the services give at most, by AWS's documentation of late 2026: the page is named beside each. Quotas are of an account
 * and region, as they are at first; those that can be raised are called by their names in Service Quotas where they are used.
 */
export const quotas = {
  /** Kinesis Data Streams Developer Guide, "Quotas and limits". */
  kinesis: {
    /** Of a shard. A MB is 2^20 bytes. */
    shardRecordsIn: 1_000,
    shardMbIn: 1,
    shardMbOut: 2,
    shardReads: 5,
    /** In us-east-1, us-west-2 and eu-west-1; of the other regions some have 6,000. */
    shards: { large: 20_000, other: 1_000 },
    /** MB/s of an on-demand stream, each with 1,000 records/s: a new one, and at most in those regions and elsewhere. */
    onDemandMbAtFirst: 4,
    onDemandMb: { large: 10_000, other: 200 },
  },
  /** Regions with more of Kinesis than the others: the same page. */
  largeRegions: ['us-east-1', 'us-west-2', 'eu-west-1'] as readonly string[],
  dynamodb: {
    /** DynamoDB Developer Guide, "Quotas in Amazon DynamoDB": units a second, reads and writes each. */
    tableUnits: 40_000,
    /** Of all provisioned tables together: the same page. */
    accountUnits: 80_000,
    /** DynamoDB Developer Guide, "Understanding DynamoDB warm throughput in different scenarios": a new table on demand. */
    newTable: { reads: 12_000, writes: 4_000 },
    /** The same page: of a partition, and so of one item. */
    partition: { reads: 3_000, writes: 1_000 },
  },
  lambda: {
    /** Lambda Developer Guide, "Understanding Lambda function scaling"; a new account may have less. */
    concurrency: 1_000,
    /** Lambda Developer Guide, "Lambda scaling behavior": of each function, every ten seconds. */
    moreIn10s: 1_000,
    /** Lambda Developer Guide, "Apache Kafka event poller scaling modes in Lambda". */
    pollerMb: 5,
    /** Lambda Developer Guide, "Configure Lambda function memory" and "Configure Lambda function timeout". */
    memoryMb: 10_240,
    timeoutSeconds: 900,
  },
  /**
   * KMS Developer Guide, "Request quotas": of all elliptic-curve keys together, as its text has it; copies of the table from before
   * 2024 have 300. `aws service-quotas list-service-quotas --service-code kms` has the account's own.
   */
  kms: { signatures: 1_000 },
  /** S3 User Guide, "Best practices design patterns: optimizing Amazon S3 performance": of each prefix that S3 has divided. */
  s3: { puts: 3_500, gets: 5_500 },
  /** SQS Developer Guide, "Amazon SQS standard queue quotas": received, and neither deleted nor visible again. */
  sqs: { inFlight: 120_000 },
  /** AWS General Reference, "Amazon CloudWatch Logs endpoints and quotas": PutLogEvents. */
  logs: { puts: 5_000 },
  /** AWS General Reference, "AWS AppSync endpoints and quotas": rate of request tokens; docs/operating.md has what one is. */
  appsync: { tokens: 2_000 },
} as const;

/** Of the quotas of Kinesis, those of a region. That of the command line is taken for us-east-1, whose prices are taken too. */
export function ofRegion<Value>(of: { readonly large: Value; readonly other: Value }, region: string): Value {
  return region === 'cli' || quotas.largeRegions.includes(region) ? of.large : of.other;
}
