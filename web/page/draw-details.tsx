/** All that is published of one draw, what this browser saw of it, and the check. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import type { WitnessStore } from '../witness/store.ts';
import { testimonyOn } from '../witness/witness.ts';
import { CheckPanel } from './check-panel.tsx';
import { useEnvironment } from './environment.ts';
import { roundTime } from './phase.ts';
import { Testimony } from './testimony.tsx';
import { count, Foreign, Hash, Time } from './text.tsx';

interface DetailsProps {
  readonly view: LiveView;
  readonly window: LiveWindow;
  readonly store: WitnessStore;
}

export function DrawDetails({ view, window, store }: DetailsProps) {
  const testimony = testimonyOn(store.seen, view, window, roundTime(view, window));
  return (
    <div class="details">
      {window.winner !== undefined && <CheckPanel {...{ view, window, store, testimony }} />}
      <Testimony {...{ view, window, testimony }} isKept={store.isKept} />
      <Published view={view} window={window} />
    </div>
  );
}

function Published({ view, window }: { view: LiveView; window: LiveWindow }) {
  const { config } = useEnvironment();
  const { root, blocks, round, closedAt, commitment, winner, isExact } = window;
  const at = roundTime(view, window);
  return (
    <dl class="facts">
      {!isExact && (
        <>
          <dt>Entries</dt>
          <dd>counted as they come; exact once the draw is made</dd>
        </>
      )}
      {closedAt !== undefined && (
        <>
          <dt>Closed</dt>
          <dd>
            <Time time={closedAt} />
            {blocks !== undefined &&
              `, with ${count(blocks)} ${blocks === 1 ? 'block' : 'blocks'} of entries`}
          </dd>
        </>
      )}
      {root !== undefined && (
        <>
          <dt>Root</dt>
          <dd>
            <Hash value={root} />
          </dd>
        </>
      )}
      {round !== undefined && (
        <>
          <dt>Round</dt>
          <dd>
            {round}
            {at !== undefined && (
              <>
                , published at <Time time={at} />
              </>
            )}
          </dd>
        </>
      )}
      {commitment !== undefined && (
        <>
          <dt>Seed’s hash</dt>
          <dd>
            <Hash value={commitment} />
          </dd>
        </>
      )}
      {winner !== undefined && (
        <>
          <dt>Winning entry</dt>
          <dd>
            <Foreign text={winner.entryId} class="hash" />
          </dd>
          <dt>Priority</dt>
          <dd>
            <Hash value={winner.priority} />
          </dd>
          <dt>Sheet</dt>
          <dd>
            <a href={config.sheets + winner.sheet} download={`${winner.sheet}.jsonl`}>
              <Hash value={winner.sheet} />
            </a>
          </dd>
        </>
      )}
    </dl>
  );
}
