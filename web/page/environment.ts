/** What every part of the page needs: where it is, the socket, the server's clock. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Config } from '../live/config.ts';
import { type Feed, follow, type Versioned } from '../live/feed.ts';
import type { Connection, Realtime } from '../live/realtime.ts';
import type { ServerClock } from '../live/server-clock.ts';

export interface Environment {
  readonly config: Config;
  readonly realtime: Realtime;
  readonly clock: ServerClock;
  readonly connection: Connection;
}

export const EnvironmentContext = createContext<Environment | undefined>(undefined);

export function useEnvironment(): Environment {
  const environment = useContext(EnvironmentContext);
  if (environment === undefined) throw new Error('Outside of the page');
  return environment;
}

/** The newest of a channel. */
export function useFeed<Value extends Versioned>(channel: string): Feed<Value> {
  const { config, realtime, clock } = useEnvironment();
  const [shown, show] = useState<{ channel: string; feed: Feed<Value> }>();
  useEffect(
    () =>
      follow<Value>({
        ...{ config, realtime, clock, channel },
        onChange: (feed) => show({ channel, feed }),
      }),
    [config, realtime, clock, channel],
  );
  // What another channel said is nothing of this one.
  return shown?.channel === channel ? shown.feed : { state: 'loading' };
}

const tickMs = 100;

/** The server's time, to a step: what shows seconds is not drawn ten times as often. */
export function useNow(stepMs = 1000): number {
  const { clock } = useEnvironment();
  const floor = () => Math.floor(clock.now() / stepMs) * stepMs;
  const [now, setNow] = useState(floor);
  useEffect(() => {
    const timer = setInterval(() => setNow(floor()), Math.min(tickMs, stepMs));
    return () => clearInterval(timer);
  });
  return now;
}
