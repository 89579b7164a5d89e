package lottery;

/** The rules that bench/peers/flink/expected.ts has too. Times are ms since the epoch. */
final class Rules {
  static final long WINDOW_MS = 10_000;
  /** How far outside its window a click may arrive and still compete in it. */
  static final long GRACE_MS = 2_000;
  /** How far a click's timestamp may be from its arrival. */
  static final long TOLERANCE_MS = 120_000;
  /** How long after its last window's grace a run has ended, so that its lottery can be started again. */
  static final long MARGIN_MS = 250;

  private Rules() {}

  static long windowStartOf(long time) {
    return Math.floorDiv(time, WINDOW_MS) * WINDOW_MS;
  }

  /** Its own window if it came in it or its grace, else that of its arrival. */
  static long clickWindowStart(long timestamp, long arrival) {
    long own = windowStartOf(timestamp);
    boolean isOfOwn = own - GRACE_MS <= arrival && arrival <= own + WINDOW_MS + GRACE_MS;
    return isOfOwn ? own : windowStartOf(arrival);
  }

  /** MurmurHash3's finalizer (Appleby): a bijection of 32 bits. */
  static int mix(int value) {
    value ^= value >>> 16;
    value *= 0x85ebca6b;
    value ^= value >>> 13;
    value *= 0xc2b2ae35;
    return value ^ (value >>> 16);
  }

  static int drawSeed(long lotteryId, int run, long windowStart) {
    return mix((int) lotteryId + mix(run + mix((int) (windowStart / WINDOW_MS))));
  }

  /** No two entries of a draw have the same. The lowest wins, unsigned. */
  static int priority(int drawSeed, int position) {
    return mix(position ^ drawSeed);
  }
}
