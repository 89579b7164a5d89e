package lottery;

/** A start or stop, or a heartbeat, which only moves time. */
public final class LotteryEvent {
  public String type;
  public int position;
  public long arrival;
  public long lotteryId;
  /** Of a start; -1: none, its arrival counts. */
  public long timestamp;
  /** Of a start: one for each window; null: no end. */
  public String[] prizes;
}
