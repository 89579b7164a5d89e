/** The keyboard: F for the full screen, C to check the last draw, Escape to leave. */
import { useEffect, useLayoutEffect } from 'preact/hooks';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { drawnOf } from './phase.ts';
import { lotteryAddress } from './route.ts';

interface KeysOptions {
  readonly channel: string;
  readonly isWall: boolean;
  readonly view: LiveView | undefined;
  open(windowStart: number): void;
}

export function useKeys({ channel, isWall, view, open }: KeysOptions): void {
  // As soon as it is shown, and not a moment later: somebody may press a key at once.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // With the shift lock on as well.
      const key = event.key.toLowerCase();
      if (key === 'f') isWall ? leaveWall(channel) : void enterWall(channel);
      if (event.key === 'Escape' && isWall) leaveWall(channel);
      const latest = view && drawnOf(view)[0];
      if (key === 'c' && !isWall && latest !== undefined) open(latest.windowStart);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [channel, isWall, view, open]);
  useEffect(() => {
    if (!isWall) return;
    // Escape ends the browser's own full screen before the page hears of it.
    const change = () => {
      if (document.fullscreenElement === null) location.hash = lotteryAddress(channel);
    };
    document.addEventListener('fullscreenchange', change);
    return () => document.removeEventListener('fullscreenchange', change);
  }, [channel, isWall]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

/** Where the browser has no full screen, or refuses it, the view fills its window. */
async function enterWall(channel: string): Promise<void> {
  location.hash = lotteryAddress(channel, true);
  await document.documentElement.requestFullscreen?.().catch(() => {});
  // It may have been left before the browser was ready.
  if (location.hash !== lotteryAddress(channel, true) && document.fullscreenElement !== null)
    await document.exitFullscreen();
}

export function leaveWall(channel: string): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  location.hash = lotteryAddress(channel);
}

export function FullScreenButton({ channel }: { channel: string }) {
  return (
    <button type="button" onClick={() => void enterWall(channel)}>
      Full screen
    </button>
  );
}

export function Keys() {
  return (
    <p class="keys">
      <kbd>F</kbd> full screen · <kbd>C</kbd> check the last draw · <kbd>Esc</kbd> back
    </p>
  );
}
