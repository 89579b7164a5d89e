/** What came of one event that was put, in words, and its receipt to keep. */
import type { LiveIndex } from '../../lambda/core/live-view.ts';
import type { PlayAnswer } from '../machine/types.ts';
import { lotteryAddress } from './route.ts';
import { count, Foreign, plain, Time } from './text.tsx';

export interface Played {
  readonly number: number;
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly answer?: PlayAnswer;
  readonly problem?: string;
}

const names: Readonly<Record<string, string>> = {
  UserBuyCouponEvent: 'Buy',
  UserClickEvent: 'Click',
  LotteryStartEvent: 'Start',
  LotteryStopEvent: 'Stop',
};

export function Outcome({ played, index }: { played: Played; index: LiveIndex | undefined }) {
  const { event, answer, problem } = played;
  const { outcome } = answer ?? {};
  const channel = index?.lotteries.find(({ lotteryId }) => lotteryId === event.lotteryId)?.channel;
  return (
    <li class="outcome">
      <p>
        <b>{names[event.type] ?? plain(event.type)}</b>{' '}
        <span class={isRefused(played) ? 'is-bad' : ''}>
          {problem !== undefined && plain(problem)}
          {problem === undefined && answer === undefined && '…'}
          {answer !== undefined &&
            (outcome === undefined ? (
              'No outcome came yet; it is on the stream.'
            ) : (
              <Words outcome={outcome} />
            ))}
        </span>{' '}
        {channel !== undefined && outcome !== undefined && (
          <a href={lotteryAddress(channel)}>See the lottery</a>
        )}
      </p>
      {outcome?.type === 'ClickAcceptedEvent' && (
        <details>
          <summary>Receipt</summary>
          <code class="hash">{JSON.stringify(outcome)}</code>
        </details>
      )}
    </li>
  );
}

function isRefused({ problem, answer }: Played): boolean {
  return problem !== undefined || answer?.outcome?.type === 'EventRejectedEvent';
}

function Words({ outcome }: { outcome: Readonly<Record<string, unknown>> }) {
  const number = (name: string) => Number(outcome[name]);
  switch (outcome.type) {
    case 'ClickAcceptedEvent':
      return (
        <>
          accepted for the window from <Time time={number('windowStart')} />,{' '}
          {count(number('availableCoupons'))} coupons left.
        </>
      );
    case 'CouponsBoughtEvent':
      return (
        <>
          {count(number('purchasedCoupons'))} coupons for user <Foreign text={String(outcome.userId)} />, who
          has {count(number('availableCoupons'))} now.
        </>
      );
    case 'LotteryStartedEvent':
      return <>started, run {count(number('run'))}.</>;
    case 'LotteryStoppedEvent':
      return (
        <>
          stopped: its last window is that from <Time time={number('lastWindowStart')} />.
        </>
      );
    case 'EventRejectedEvent':
      return (
        <>
          rejected: {plain(String(outcome.message))} ({plain(String(outcome.reason))})
        </>
      );
    default:
      return <>{plain(String(outcome.type))}</>;
  }
}
