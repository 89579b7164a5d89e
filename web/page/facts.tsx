/** What was promised when the run began, and what was refused: for whoever wants to know how it works. */
import type { LiveView } from '../../lambda/core/live-view.ts';
import { isQuicknet } from '../check/quicknet.ts';
import type { WitnessStore } from '../witness/store.ts';
import { count, Hash, plain, Time } from './text.tsx';

export function Facts({ view, store }: { view: LiveView; store: WitnessStore }) {
  const { run, windowMs, graceMs, chain, seedCommitment, receiptKey, seed, rejected } = view;
  const refused = Object.entries(rejected);
  const { seen } = store;
  return (
    <section class="about" aria-labelledby="about">
      <h2 id="about">About this run</h2>
      <dl class="facts">
        <dt>Run</dt>
        <dd>
          {count(run)}, windows of {count(windowMs / 1000)} s, and {count(graceMs / 1000)} s for clicks on
          their way
        </dd>
        {view.firstWindowStart !== undefined && (
          <>
            <dt>Since</dt>
            <dd>
              <Time time={view.firstWindowStart} isWhole />
            </dd>
          </>
        )}
        <dt>Drawn by</dt>
        <dd>{drawnBy(view)}</dd>
        {chain !== undefined && (
          <>
            <dt>Chain</dt>
            <dd>
              <Hash value={chain.chainHash} />
            </dd>
          </>
        )}
        <dt>Seed’s hash</dt>
        <dd>
          <Hash value={seedCommitment} />
        </dd>
        {seed !== undefined && (
          <>
            <dt>Seed</dt>
            <dd>
              <Hash value={seed} />
            </dd>
          </>
        )}
        <dt>Receipts’ key</dt>
        <dd>
          <Hash value={receiptKey} />
        </dd>
        {seen?.run === run && (
          <>
            <dt>Seen here</dt>
            <dd>
              since <Time time={seen.seenAt} isWhole />: key, chain and the seed’s hash are those of then, or
              a draw says otherwise
            </dd>
          </>
        )}
        <dt>Rejected</dt>
        <dd>
          {refused.length === 0
            ? 'nothing'
            : refused.map(([reason, number]) => (
                <span class="reason" key={reason}>
                  {count(number)} {plain(reason)}
                </span>
              ))}
        </dd>
      </dl>
    </section>
  );
}

function drawnBy({ chain }: LiveView): string {
  if (chain === undefined) return 'its own seed, without a beacon';
  return isQuicknet(chain) ? 'drand’s public network quicknet' : 'a chain of its own, not a public one';
}
