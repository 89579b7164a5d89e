/** All lotteries, the most recently active first. */
import type { LiveIndex, LiveSummary } from '../../lambda/core/live-view.ts';
import type { FeedState } from '../live/feed.ts';
import { useFeed } from './environment.ts';
import { lotteryAddress } from './route.ts';
import { count, Foreign, Time } from './text.tsx';

export function List() {
  const { state, value } = useFeed<LiveIndex>('index');
  return (
    <>
      <h1>Lotteries</h1>
      {value === undefined || value.lotteries.length === 0 ? (
        <Nothing state={value === undefined ? state : 'absent'} />
      ) : (
        <ul class="lotteries">
          {value.lotteries.map((lottery) => (
            <Row key={lottery.channel} lottery={lottery} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ lottery }: { lottery: LiveSummary }) {
  const { lotteryId, channel, run, state, windowStart, entries, winners } = lottery;
  return (
    <li>
      <a href={lotteryAddress(channel)}>
        <span class="what">
          <Foreign text={lotteryId} class="name" />
          <span class="aside">
            {run > 1 && <>run {count(run)} · </>}
            {windowStart === undefined ? (
              'no entries yet'
            ) : (
              <>
                last entries in the window from <Time time={windowStart} />
              </>
            )}
          </span>
        </span>
        <span class={`chip is-${state}`}>{state === 'open' ? 'running' : 'ended'}</span>
        <span class="figure">
          <b>{count(entries)}</b> <span class="aside">{entries === 1 ? 'entry' : 'entries'}</span>
        </span>
        <span class="figure">
          <b>{count(winners)}</b> <span class="aside">{winners === 1 ? 'draw' : 'draws'}</span>
        </span>
      </a>
    </li>
  );
}

export function Nothing({ state }: { state: FeedState }) {
  if (state === 'loading') return <div class="skeleton" role="status" aria-label="Loading" />;
  if (state === 'failed')
    return (
      <p class="note is-bad" role="alert">
        The lotteries cannot be read right now. This page keeps trying.
      </p>
    );
  return <p class="note">No lottery has been started yet. This page shows one as soon as there is one.</p>;
}
