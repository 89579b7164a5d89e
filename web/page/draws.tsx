/** The draws, the newest first: what state each is in, who won, and all that one needs to check it. */
import { useState } from 'preact/hooks';
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import type { WitnessStore } from '../witness/store.ts';
import { DrawDetails } from './draw-details.tsx';
import { useNow } from './environment.ts';
import { roundTime } from './phase.ts';
import { count, Foreign, remaining, Time } from './text.tsx';

const few = 8;

interface DrawsProps {
  readonly view: LiveView;
  readonly store: WitnessStore;
  /** By windowStart. */
  readonly opened: number | undefined;
  onOpen(windowStart: number | undefined): void;
}

export function Draws({ view, store, opened, onOpen }: DrawsProps) {
  const [isAll, showAll] = useState(false);
  const now = useNow();
  const windows = view.windows.toReversed();
  const shown = isAll
    ? windows
    : windows.filter((window, index) => index < few || window.windowStart === opened);
  return (
    <section class="draws" aria-labelledby="draws">
      <h2 id="draws">Draws</h2>
      {windows.length === 0 && (
        <p class="note">No entries yet. Each window with entries is drawn when it is over.</p>
      )}
      <ol>
        {shown.map((window) => (
          <li key={window.windowStart}>
            <Row
              {...{ view, window, now }}
              isOpened={window.windowStart === opened}
              onToggle={() => onOpen(window.windowStart === opened ? undefined : window.windowStart)}
            />
            {window.windowStart === opened && <DrawDetails view={view} window={window} store={store} />}
          </li>
        ))}
      </ol>
      {windows.length > few && (
        <button type="button" onClick={() => showAll(!isAll)} aria-expanded={isAll}>
          {isAll ? 'Show fewer' : `Show all ${windows.length}`}
        </button>
      )}
    </section>
  );
}

interface RowProps {
  readonly view: LiveView;
  readonly window: LiveWindow;
  readonly now: number;
  readonly isOpened: boolean;
  onToggle(): void;
}

function Row({ view, window, now, isOpened, onToggle }: RowProps) {
  const { windowStart, entries, winner } = window;
  return (
    <div class={`draw ${isOpened ? 'is-opened' : ''}`}>
      <span class="when">
        <Time time={windowStart} />
      </span>
      <span class="entries">
        <b>{count(entries)}</b> <span class="aside">{entries === 1 ? 'entry' : 'entries'}</span>
      </span>
      <span class="result">
        {winner === undefined ? (
          <State view={view} window={window} now={now} />
        ) : (
          <>
            <span class="aside">won by</span> <Foreign text={winner.userId} class="winner" />
            {winner.prize !== undefined && <Foreign text={winner.prize} class="prize" />}
          </>
        )}
      </span>
      <button type="button" aria-expanded={isOpened} onClick={onToggle}>
        {winner === undefined ? 'Details' : 'Check'}
        <span class="unseen"> the draw of </span>
        <span class="unseen">
          <Time time={windowStart} />
        </span>
      </button>
    </div>
  );
}

/** Of a draw that is not made. */
function State({ view, window, now }: { view: LiveView; window: LiveWindow; now: number }) {
  const { state, windowStart } = window;
  if (state === 'open') {
    const isOver = now >= windowStart + view.windowMs && !view.isReplay;
    return isOver ? (
      <>
        <span class="chip">over</span> <span class="aside">waiting for clicks on their way</span>
      </>
    ) : (
      <>
        <span class="chip is-open">open</span> <span class="aside">takes entries</span>
      </>
    );
  }
  const at = roundTime(view, window);
  if (at === undefined) return <span class="chip is-closed">closed</span>;
  return (
    <>
      <span class="chip is-closed">closed</span>{' '}
      <span class="aside">
        {now < at
          ? `round ${window.round} draws in ${remaining(at - now)}`
          : `waiting for round ${window.round}`}
      </span>
    </>
  );
}
