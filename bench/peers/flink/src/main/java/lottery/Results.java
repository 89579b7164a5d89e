package lottery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What came out of the job, which runs in this process. */
final class Results {
  /** Draws by their ids: what a restart announces once more is the same. */
  static final Map<String, Partial> DRAWS = new ConcurrentHashMap<>();

  private static final long[] COUNTS = new long[Code.COUNT];
  private static int digest;

  private Results() {}

  /** @param outcomeDigest of all outcomes with their balances, in any order */
  static synchronized void add(long[] counts, int outcomeDigest) {
    for (int code = 0; code < COUNTS.length; code += 1) COUNTS[code] += counts[code];
    digest += outcomeDigest;
  }

  static synchronized long[] counts() {
    return COUNTS.clone();
  }

  static synchronized int digest() {
    return digest;
  }
}
