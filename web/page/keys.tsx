/** The keyboard: F for the full screen, C to check the last draw, Escape to leave. */
import { useEffect } from 'preact/hooks';
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
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'f') isWall ? leaveWall(channel) : enterWall(channel);
      if (event.key === 'Escape' && isWall) leaveWall(channel);
      const latest = view && drawnOf(view)[0];
      if (event.key === 'c' && !isWall && latest !== undefined) open(latest.windowStart);
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
function enterWall(channel: string): void {
  location.hash = lotteryAddress(channel, true);
  void document.documentElement.requestFullscreen?.().catch(() => {});
}

export function leaveWall(channel: string): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  location.hash = lotteryAddress(channel);
}

export function FullScreenButton({ channel }: { channel: string }) {
  return (
    <button type="button" onClick={() => enterWall(channel)}>
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
