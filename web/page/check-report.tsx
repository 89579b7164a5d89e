/** What a check showed. Each sentence is true of what was done, and what was not done is said as well. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import type { CheckResult } from '../check/messages.ts';
import { isQuicknet } from '../check/quicknet.ts';
import type { Testimony } from '../witness/witness.ts';
import { size } from './check-panel.tsx';
import { counted, Foreign, plain } from './text.tsx';

interface ReportProps {
  /** As it was when the draw was checked, and so the window. */
  readonly view: LiveView;
  readonly window: LiveWindow;
  readonly result: CheckResult;
  readonly testimony: Testimony;
  /** Whether the prize was compared with the one that this browser saw promised. */
  readonly hasPromise: boolean;
  /** Whether the page is still told the same of the draw. */
  readonly isTold: boolean;
}

const changed =
  'What is published of this draw is not what was checked any more: a draw that is made never changes.';

export function CheckReport({ view, window, result, testimony, hasPromise, isTold }: ReportProps) {
  const { verdict } = result;
  const reasons = [
    ...(testimony.kind === 'contradicted' ? [testimony.reason] : []),
    ...(isTold ? [] : [changed]),
    ...result.reasons,
  ];
  const isContradicted = verdict === 'contradicts' || testimony.kind === 'contradicted' || !isTold;
  if (verdict !== 'holds' || isContradicted)
    return (
      <>
        <p class="verdict is-bad">{isContradicted ? 'This draw does not hold.' : 'Not checked.'}</p>
        <ul class="findings is-bad">
          {reasons.map((reason) => (
            <li key={reason}>{plain(reason)}</li>
          ))}
        </ul>
        {isContradicted && (
          <p class="aside">Keep the sheet and this page’s address: they show it to others.</p>
        )}
      </>
    );
  return (
    <>
      <p class="verdict is-good">Checked: nothing contradicts.</p>
      <ul class="findings is-good">
        <Checked {...{ view, window, result }} />
      </ul>
      <p class="label">Not checked</p>
      <ul class="findings">
        {uncheckedOf({ view, window, result, testimony, hasPromise }).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

function Checked({ view, window, result }: Pick<ReportProps, 'view' | 'window' | 'result'>) {
  const { entries, blocks = 0, round, winner } = window;
  return (
    <>
      <li>The sheet ({size(result.bytes)}) is the one that the winner’s event names, by its SHA-256.</li>
      <li>
        Its {counted(entries, 'entry', 'entries')} in {counted(blocks, 'block')} have the root that was
        closed.
      </li>
      {view.chain !== undefined && (
        <li>
          Round {round} is the one that the rule names for this close, and the signature is that of the round,
          by the key of {chainOf(view)}.
        </li>
      )}
      <li>The window’s seed has the hash that was published at the close.</li>
      <li>
        Of all entries, that of user {winner !== undefined && <Foreign text={winner.userId} />} has the lowest
        priority.
      </li>
      {view.seed !== undefined && (
        <li>
          The run’s seed has the hash that was published at its start, and the window’s seed comes from it.
        </li>
      )}
    </>
  );
}

function chainOf({ chain }: LiveView): string {
  return isQuicknet(chain) ? 'drand’s public network' : 'the chain that the run names';
}

function uncheckedOf({
  view,
  window: { winner },
  result: { notes },
  testimony: { kind },
  hasPromise,
}: Omit<ReportProps, 'isTold'>): string[] {
  const isOwnChain = view.chain !== undefined && !isQuicknet(view.chain);
  const known = [
    'Whether a click that has a receipt was left out: its holder can tell, with the box below.',
    ...(view.chain === undefined
      ? ['Randomness: this run has no beacon, and whoever knows its seed knows the winners.']
      : []),
    ...(isOwnChain
      ? ['Randomness: the beacon is not a public one, and whoever runs it knows its rounds.']
      : []),
    ...(view.chain !== undefined && kind !== 'witnessed'
      ? ['That entries and seed were fixed before the round: this browser did not see it.']
      : []),
    ...(view.seed === undefined ? ['The run’s own seed: it is revealed when the run ends.'] : []),
    ...(winner?.prize !== undefined && !hasPromise
      ? ['That the prize is the one that was promised at the start.']
      : []),
    'That each entry took a coupon, and that balances are right.',
  ];
  return [
    ...known,
    ...notes.filter((note) => !said.some((start) => note.startsWith(start))).map((note) => plain(note)),
  ];
}

/** The verifier's notes that stand above in the page's own words. */
const said = [
  'no receipts (ClickAcceptedEvent)',
  'no receipt of the winner',
  'no end (LotteryEndedEvent)',
  'not a public chain',
  'no beacon (randomness: seed)',
  'fewer receipts in the file',
];
