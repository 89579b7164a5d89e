/** Play, on one machine: start a lottery, buy, click, and see what comes of it. */
import { useRef, useState } from 'preact/hooks';
import type { LiveIndex } from '../../lambda/core/live-view.ts';
import { putEvent } from '../machine/client.ts';
import { useFeed } from './environment.ts';
import { Outcome, type Played } from './outcome.tsx';

/** As docs/events.md has ids: what reads as a number is one. */
const idOf = (text: string) => (/^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text);
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const shown = 20;

export function Play() {
  const { value: index } = useFeed<LiveIndex>('index');
  const [fields, setFields] = useState({ userId: '7', coupons: '10', lotteryId: '1', prizes: '' });
  const [played, setPlayed] = useState<readonly Played[]>([]);
  const number = useRef(0);
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const user = { userId: idOf(fields.userId) };
  const lottery = { lotteryId: idOf(fields.lotteryId) };

  async function put(event: Played['event']) {
    number.current += 1;
    const one: Played = { number: number.current, event };
    const say = (what: Partial<Played>) =>
      setPlayed((all) => all.map((other) => (other.number === one.number ? { ...other, ...what } : other)));
    setPlayed((all) => [one, ...all].slice(0, shown));
    try {
      say({ answer: await putEvent(event) });
    } catch (error) {
      say({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  const prizes = linesOf(fields.prizes);
  return (
    <>
      <h1>Play</h1>
      <div class="columns">
        <section class="card" aria-labelledby="player">
          <h2 id="player">A player</h2>
          <Field label="User" name="userId" value={fields.userId} onInput={set('userId')} />
          <Field label="Lottery" name="lotteryId" value={fields.lotteryId} onInput={set('lotteryId')} />
          <Field label="Coupons to buy" name="coupons" value={fields.coupons} onInput={set('coupons')} />
          <div class="buttons">
            <button
              type="button"
              onClick={() =>
                put({ type: 'UserBuyCouponEvent', ...user, purchasedCoupons: Number(fields.coupons) })
              }
            >
              Buy
            </button>
            <button
              type="button"
              class="is-main"
              onClick={() => put({ type: 'UserClickEvent', ...user, ...lottery, timestamp: Date.now() })}
            >
              Click
            </button>
          </div>
        </section>
        <section class="card" aria-labelledby="operator">
          <h2 id="operator">The operator</h2>
          <label for="prizes">Prizes, one a line and one a window; none: until it is stopped</label>
          <textarea id="prizes" rows={4} value={fields.prizes} onInput={set('prizes')} />
          <div class="buttons">
            <button
              type="button"
              onClick={() =>
                put({ type: 'LotteryStartEvent', ...lottery, ...(prizes.length > 0 && { prizes }) })
              }
            >
              Start the lottery
            </button>
            <button type="button" onClick={() => put({ type: 'LotteryStopEvent', ...lottery })}>
              Stop it
            </button>
          </div>
        </section>
      </div>
      <section class="draws" aria-labelledby="outcomes">
        <h2 id="outcomes">What came of it</h2>
        {played.length === 0 && <p class="note">Nothing yet. Start the lottery, buy coupons, and click.</p>}
        <ol aria-live="polite" aria-relevant="additions text">
          {played.map((one) => (
            <Outcome key={one.number} played={one} index={index} />
          ))}
        </ol>
      </section>
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  onInput(event: { currentTarget: { value: string } }): void;
}

function Field({ label, name, value, onInput }: FieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} type="text" maxLength={128} autocomplete="off" {...{ value, onInput }} />
    </div>
  );
}
