/** The frame of the page: its head, the part that is shown, and what goes wrong with it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Config } from '../live/config.ts';
import { type Connection, Realtime } from '../live/realtime.ts';
import { ServerClock } from '../live/server-clock.ts';
import { EnvironmentContext } from './environment.ts';
import { Guard } from './guard.tsx';
import { List } from './list.tsx';
import { Lottery } from './lottery.tsx';
import { Pipeline } from './pipeline.tsx';
import { Play } from './play.tsx';
import { listAddress, type Route, useRoute } from './route.ts';

export function App({ config }: { config: Config }) {
  const [connection, setConnection] = useState<Connection>('connecting');
  const parts = useMemo(
    () => ({
      realtime: new Realtime(config, setConnection),
      clock: new ServerClock(() => performance.now()),
    }),
    [config],
  );
  const route = useRoute();
  const isWall = route.page === 'lottery' && route.isWall;
  useEffect(() => {
    document.documentElement.classList.toggle('wall', isWall);
  }, [isWall]);
  return (
    <EnvironmentContext.Provider value={{ config, connection, ...parts }}>
      {!isWall && <Head config={config} route={route} />}
      <Lost connection={connection} />
      <main class="page" id="main">
        <Guard key={route.page === 'lottery' ? route.channel : route.page}>
          <Shown route={route} isLocal={config.local} />
        </Guard>
      </main>
    </EnvironmentContext.Provider>
  );
}

function Head({ config, route }: { config: Config; route: Route }) {
  const isOf = (page: Route['page']) => ({
    'aria-current': route.page === page ? ('page' as const) : undefined,
  });
  return (
    <header class="head">
      <a class="brand" href={listAddress} {...isOf('list')}>
        Lotteries
      </a>
      <span class="environment">{config.environment}</span>
      {config.local && (
        <nav aria-label="On this machine">
          <a href="#/play" {...isOf('play')}>
            Play
          </a>
          <a href="#/pipeline" {...isOf('pipeline')}>
            Pipeline
          </a>
        </nav>
      )}
    </header>
  );
}

/** Has its place only while something is wrong; then it lies over the page, which does not move. */
function Lost({ connection }: { connection: Connection }) {
  return (
    <div class="lost" role="status">
      {connection === 'lost' && <p>Connection lost. What you see may be old; trying again …</p>}
    </div>
  );
}

function Shown({ route, isLocal }: { route: Route; isLocal: boolean }) {
  switch (route.page) {
    case 'list':
      return <List />;
    case 'lottery':
      return <Lottery key={route.channel} channel={route.channel} isWall={route.isWall} />;
    case 'play':
      return isLocal ? <Play /> : <Unknown />;
    case 'pipeline':
      return isLocal ? <Pipeline /> : <Unknown />;
    case 'unknown':
      return <Unknown />;
    default:
      return route satisfies never;
  }
}

function Unknown() {
  return (
    <>
      <h1>Nothing here</h1>
      <p class="note">
        There is no such page. <a href={listAddress}>All lotteries</a>
      </p>
    </>
  );
}
