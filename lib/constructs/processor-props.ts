import type { Settings } from '../settings.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import type { DrawsBucket } from './draws-bucket.ts';
import type { Encryption } from './encryption.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { ReceiptsKey } from './receipts-key.ts';
import type { Streams } from './streams.ts';
import type { Tables } from './tables.ts';
import type { TicksQueue } from './ticks-queue.ts';

/** What the processors are wired to. */
export interface ProcessorProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
  readonly logs: FunctionLogs;
  readonly streams: Streams;
  readonly tables: Tables;
  readonly artifacts: ArtifactsBucket;
  readonly drawsBucket: DrawsBucket;
  readonly receiptsKey: ReceiptsKey;
  readonly ticks: TicksQueue;
}
