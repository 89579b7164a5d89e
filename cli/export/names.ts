/** What an export has in it: `lottery export DIR` writes it, `lottery verify DIR` reads it. */
export const exportNames = { events: 'events.jsonl', sheets: 'sheets' } as const;
