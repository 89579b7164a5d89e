package lottery;

/** What became of a user's event. One object is used again for all of a subtask. */
public final class Outcome {
  public byte code;
  public int position;
  public long userId;
  public long lotteryId;
  /** After it. */
  public long availableCoupons;
  public long timestamp;
  public long arrival;
  /** Of an accepted click. */
  public int run;
  public long windowStart;
  public String prize;
}
