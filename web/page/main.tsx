/** The page. What is not loaded yet, and what cannot be, is said in the same place as all else. */
import './language.ts';
import { render } from 'preact';
import { loadConfig } from '../live/config.ts';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('No place for the page');
root.replaceChildren();

async function start(place: HTMLElement): Promise<void> {
  try {
    render(<App config={await loadConfig()} />, place);
  } catch {
    render(<Unreachable onRetry={() => void start(place)} />, place);
  }
}

function Unreachable({ onRetry }: { onRetry(): void }) {
  return (
    <main class="page">
      <h1>Lotteries</h1>
      <p class="note is-bad" role="alert">
        This page cannot be loaded right now.
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </main>
  );
}

void start(root);
