/** The newest of what a channel says: its snapshot first, then messages; after a break the snapshot again. */
import type { Config } from './config.ts';
import type { Realtime } from './realtime.ts';
import type { ServerClock } from './server-clock.ts';

/** Whatever is published: the whole of it each time, newer with each version. */
export interface Versioned {
  readonly version: number;
  /** The server's clock, ms. */
  readonly at: number;
}

/** 'absent': there is no such channel yet. 'failed': it could not be asked. */
export type FeedState = 'loading' | 'absent' | 'failed' | 'shown';

export interface Feed<Value> {
  readonly state: FeedState;
  readonly value?: Value;
}

export interface FeedOptions<Value extends Versioned> {
  readonly config: Config;
  readonly realtime: Realtime;
  readonly clock: ServerClock;
  /** Without its namespace. */
  readonly channel: string;
  onChange(feed: Feed<Value>): void;
}

/** What could not be read is asked for again: what is shown may be old, and nobody else says so. */
const retryMs = 3_000;
/** How long a snapshot may take: a connection that is gone does not always say so. */
const patienceMs = 10_000;
/** Of two views whose times differ by more the later one is the newer: its server began anew. No publication takes so long. */
const begunAnewMs = 30_000;

/** @returns what ends it */
export function follow<Value extends Versioned>(options: FeedOptions<Value>): () => void {
  const { config, realtime, clock, channel, onChange } = options;
  let newest: Value | undefined;
  let isOver = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function show(value: unknown): void {
    if (isOver || !isVersioned<Value>(value)) return;
    clock.learn(value.at);
    if (newest !== undefined && !isNewer(value, newest)) return;
    newest = value;
    onChange({ state: 'shown', value });
  }

  async function load(): Promise<void> {
    clearTimeout(retry);
    try {
      const response = await fetch(`${config.snapshots}${channel}.json`, {
        cache: 'no-store',
        signal: AbortSignal.timeout(patienceMs),
      });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (Number.isFinite(date)) clock.learn(date);
      if (response.ok) show(await response.json());
      else fail(isAbsent(response) ? 'absent' : 'failed');
    } catch {
      fail('failed');
    }
  }

  /** What is shown stays, and that the connection is lost is said beside it. */
  function fail(state: 'absent' | 'failed'): void {
    if (isOver) return;
    if (newest === undefined) onChange({ state });
    clearTimeout(retry);
    if (state === 'failed') retry = setTimeout(load, retryMs);
  }

  const unwatch = realtime.watch({
    channel: `/lotteries/${channel}`,
    onEvent: show,
    onSubscribed: load,
    onLost() {
      // A machine that slept has another time since.
      clock.doubt();
      void load();
    },
  });
  void load();
  return () => {
    isOver = true;
    clearTimeout(retry);
    unwatch();
  };
}

/** S3 says 403 of what is not there to whom may not list. */
function isAbsent({ status }: Response): boolean {
  return status === 404 || status === 403;
}

function isNewer(one: Versioned, other: Versioned): boolean {
  const later = one.at - other.at;
  return Math.abs(later) > begunAnewMs ? later > 0 : one.version > other.version;
}

function isVersioned<Value extends Versioned>(value: unknown): value is Value {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    typeof value.version === 'number' &&
    'at' in value &&
    typeof value.at === 'number'
  );
}
