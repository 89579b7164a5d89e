/** "Check it here": the draw recomputed in this browser, and what that did and did not show. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import type { CheckResult } from '../check/messages.ts';
import { startCheck } from '../check/start.ts';
import type { WitnessStore } from '../witness/store.ts';
import { isCut, type Testimony } from '../witness/witness.ts';
import { CheckReport } from './check-report.tsx';
import { useEnvironment } from './environment.ts';

type Run =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly bytes: number; readonly total: number | undefined }
  | {
      readonly state: 'done';
      readonly result: CheckResult;
      /** As they were when it was checked: what is told since was not. */
      readonly view: LiveView;
      readonly window: LiveWindow;
      readonly hasPromise: boolean;
    };

interface PanelProps {
  readonly view: LiveView;
  readonly window: LiveWindow;
  readonly store: WitnessStore;
  readonly testimony: Testimony;
}

export function CheckPanel({ view, window, store, testimony }: PanelProps) {
  const { config } = useEnvironment();
  const [run, setRun] = useState<Run>({ state: 'idle' });
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  function start() {
    setRun({ state: 'running', bytes: 0, total: undefined });
    const promised = store.seen?.run === view.run ? store.seen.prizes[window.windowStart] : undefined;
    const hasPromise = promised !== undefined && !isCut(promised);
    stop.current = startCheck(
      {
        ...{ run: runOf(view), window, sheetUrl: sheetUrl(config.sheets, window) },
        ...(hasPromise && { promisedPrize: promised }),
      },
      {
        onProgress: (bytes, total) => setRun({ state: 'running', bytes, total }),
        onResult: (result) => setRun({ state: 'done', result, view, window, hasPromise }),
      },
    );
  }

  function cancel() {
    stop.current?.();
    setRun({ state: 'idle' });
  }

  return (
    <div class="check">
      {run.state === 'running' ? (
        <button type="button" onClick={cancel}>
          Stop
        </button>
      ) : (
        <button type="button" class="is-main" onClick={start}>
          {run.state === 'done' ? 'Check it again' : 'Check it here'}
        </button>
      )}
      {run.state === 'idle' && (
        <p class="aside">
          Fetches the sheet with all entries and computes root, beacon and winner again, in this browser.
        </p>
      )}
      {run.state === 'running' && <Progress bytes={run.bytes} total={run.total} />}
      <div class="report" role="status">
        {run.state === 'done' && (
          <CheckReport
            {...run}
            testimony={testimony}
            isTold={JSON.stringify(window) === JSON.stringify(run.window)}
          />
        )}
      </div>
    </div>
  );
}

export function Progress({ bytes, total }: { bytes: number; total: number | undefined }) {
  return (
    <p class="aside running">
      <progress {...(total !== undefined && { max: total, value: bytes })} aria-label="Sheet read" />
      <span>{size(bytes)}</span>
    </p>
  );
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What was said of the run, without its windows. */
export function runOf({ windows, history, rejected, ...run }: LiveView) {
  return run;
}

/** A worker's own address is another one, where the page is not at the root. */
export function sheetUrl(sheets: string, { winner }: LiveWindow): string {
  return new URL(sheets + encodeURIComponent(winner?.sheet ?? ''), location.href).href;
}
