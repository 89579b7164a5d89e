package lottery;

/** One run of a lottery, from a start to its end. */
public final class Run {
  /** 1 for the first. */
  public int run;
  /** Arrival of the start. */
  public long startedAt;
  public boolean isStopped;
  public long firstWindowStart;
  /** Long.MAX_VALUE: not known. */
  public long lastWindowStart;
  public String[] prizes;

  boolean isEndedAt(long time) {
    return lastWindowStart != Long.MAX_VALUE
        && time >= lastWindowStart + Rules.WINDOW_MS + Rules.GRACE_MS + Rules.MARGIN_MS;
  }

  String prizeOf(long windowStart) {
    return prizes == null ? "" : prizes[(int) ((windowStart - firstWindowStart) / Rules.WINDOW_MS)];
  }
}
