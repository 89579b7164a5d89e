/** How somebody comes to the page. */
export interface Visit {
  /** Behind the #. */
  readonly route?: string;
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly isStill?: boolean;
  /** The browser's own clock, ms; it goes on from there. */
  readonly clock?: number;
}

/** For the browser. */
export function contextOptions({ width = 1280, height = 800, scheme = 'light', isStill = false }: Visit) {
  return {
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: isStill ? ('reduce' as const) : ('no-preference' as const),
    ...{ locale: 'en-GB', timezoneId: 'UTC' },
  };
}
