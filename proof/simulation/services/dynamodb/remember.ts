/** More texts than the system has of any kind; somebody may make them up, and memory is not to grow with them. */
const MOST = 1_000;

/** Keeps what was made of a text: the same few statements and expressions come again and again. */
export function remember<Made>(make: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, Made>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (known.size >= MOST) known.clear();
    known.set(text, made);
    return made;
  };
}
