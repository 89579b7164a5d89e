package lottery;

/** The entries of a draw that one subtask has seen, reduced to what decides it. */
public final class Partial {
  public long lotteryId;
  public int run;
  public long windowStart;
  public String prize;
  public long entries;
  /** Of the lowest so far; unsigned. */
  public int priority;
  public int winningPosition;
  public long winningUserId;
  /** Sum of all priorities, 32 bits: tells whether the entries are the right ones. */
  public int digest;

  void add(int entryPriority, int position, long userId) {
    if (entries == 0 || Integer.compareUnsigned(entryPriority, priority) < 0) {
      priority = entryPriority;
      winningPosition = position;
      winningUserId = userId;
    }
    entries += 1;
    digest += entryPriority;
  }

  Partial merge(Partial other) {
    if (Integer.compareUnsigned(other.priority, priority) < 0) {
      priority = other.priority;
      winningPosition = other.winningPosition;
      winningUserId = other.winningUserId;
    }
    entries += other.entries;
    digest += other.digest;
    return this;
  }
}
