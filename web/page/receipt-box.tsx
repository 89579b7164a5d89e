/** One's own receipt: whether it holds, took part, and who won. It stays in this browser. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { drawIdOf } from '../check/events.ts';
import type { CheckResult } from '../check/messages.ts';
import { startCheck } from '../check/start.ts';
import { Progress, runOf, sheetUrl } from './check-panel.tsx';
import { useEnvironment } from './environment.ts';
import { plain } from './text.tsx';

const longest = 20_000;

export function ReceiptBox({ view }: { view: LiveView }) {
  const { config } = useEnvironment();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<{ isGood?: boolean; text: string }>();
  const [bytes, setBytes] = useState<number>();
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  function check(event: Event) {
    event.preventDefault();
    stop.current?.();
    setAnswer(undefined);
    const drawId = drawIdIn(text);
    const window = view.windows.find(({ windowStart }) => drawIdOf(view, windowStart) === drawId);
    if (drawId === undefined || window === undefined) {
      setBytes(undefined);
      setAnswer({ text: withoutDraw(drawId) });
      return;
    }
    setBytes(0);
    stop.current = startCheck(
      {
        ...{ run: runOf(view), window, receipt: text.trim() },
        ...(window.winner !== undefined && { sheetUrl: sheetUrl(config.sheets, window) }),
      },
      {
        onProgress: setBytes,
        onResult(result) {
          setBytes(undefined);
          setAnswer(answerOf(result));
        },
      },
    );
  }

  return (
    <section class="receipt" aria-labelledby="receipt">
      <h2 id="receipt">Your receipt</h2>
      <form onSubmit={check}>
        <label for="receipt-text">
          The ClickAcceptedEvent of your click, as it came. It is checked here and sent nowhere.
        </label>
        <textarea
          id="receipt-text"
          rows={4}
          maxLength={longest}
          spellcheck={false}
          autocomplete="off"
          placeholder={'{"type":"ClickAcceptedEvent", …}'}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" disabled={text.trim() === ''}>
          Check my receipt
        </button>
      </form>
      {bytes !== undefined && <Progress bytes={bytes} total={undefined} />}
      <div role="status">
        {answer !== undefined && <p class={`seen ${toneOf(answer.isGood)}`}>{plain(answer.text)}</p>}
      </div>
    </section>
  );
}

const toneOf = (isGood: boolean | undefined) => (isGood === undefined ? '' : isGood ? 'is-good' : 'is-bad');

function drawIdIn(text: string): string | undefined {
  try {
    const event = JSON.parse(text) as { type?: unknown; drawId?: unknown } | null;
    return event?.type === 'ClickAcceptedEvent' && typeof event.drawId === 'string'
      ? event.drawId
      : undefined;
  } catch {
    return undefined;
  }
}

function withoutDraw(drawId: string | undefined): string {
  if (drawId === undefined) return 'This is no receipt: it must be one line of JSON, a ClickAcceptedEvent.';
  return `The draw ${drawId} is not among those on this page. npm run verify checks it, from an export of the events.`;
}

function answerOf({ verdict, reasons, receipt }: CheckResult): { isGood?: boolean; text: string } {
  if (receipt === undefined || verdict === 'unchecked') return { text: reasons.join(' ') };
  // What stands under the sheet's name may be no sheet: then the sentence alone says too little.
  const more = receipt.contradicts ? [] : reasons;
  return {
    isGood: verdict === 'holds' && !receipt.contradicts,
    text: [receipt.sentence.replaceAll('in the file', 'yet'), ...more].join(' '),
  };
}
