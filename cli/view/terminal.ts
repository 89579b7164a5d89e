import { render, useInput, useWindowSize } from 'ink';
import { createElement as h, type ReactElement } from 'react';
import { type AppProps, app } from './app.ts';
import { type Pressed, pressesOf } from './keys.ts';
import type { Size } from './layout.ts';

export type Shown = Omit<AppProps, keyof Size>;

/** Told of each key, and how large the terminal is. */
export type OnKey = (pressed: Pressed, size: Size) => void;

/** A terminal, as `process.stdin` and `process.stdout` are one. */
export interface Terminal {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
}

/** What is on a terminal until it is closed. */
export interface Mounted {
  show(shown: Shown): void;
  /** Resolves when the terminal is as it was before. */
  close(): Promise<void>;
}

/** Takes the terminal: its other screen, without echo, each key at once, Ctrl-C too. */
export function mount({ stdin, stdout }: Terminal, shown: Shown, onKey: OnKey): Mounted {
  const view = (now: Shown) => h(Root, { shown: now, onKey });
  const instance = render(view(shown), {
    ...{ stdin, stdout, alternateScreen: true, exitOnCtrlC: false, patchConsole: false },
    // Where the variable CI is set ink would draw nothing: that this is a terminal is known here.
    ...{ interactive: true, maxFps: 10 },
  });
  return {
    show: (now) => instance.rerender(view(now)),
    async close() {
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}

function Root({ shown, onKey }: { shown: Shown; onKey: OnKey }): ReactElement {
  const { columns, rows } = useWindowSize();
  useInput((input, key) => {
    for (const pressed of pressesOf({ input, ...key })) onKey(pressed, { columns, rows });
  });
  return app({ ...shown, columns, rows });
}
