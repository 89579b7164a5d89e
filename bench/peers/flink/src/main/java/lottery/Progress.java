package lottery;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** CPU time of this process, all its threads, at marks on the way through the user events. */
final class Progress {
  /** Events between two reports of a reader. */
  static final int STEP = 1_024;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final AtomicLong EVENTS = new AtomicLong();
  private static final List<Mark> MARKS = new ArrayList<>();
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();
  private static long between = Long.MAX_VALUE;

  /** @param cpu and wall in ns */
  record Mark(long events, long cpu, long wall) {}

  private Progress() {}

  /** @param marks how many there shall be */
  static void expect(long events, int marks) {
    between = Math.max(STEP, events / marks);
  }

  static void add(int events) {
    long now = EVENTS.addAndGet(events);
    if (now / between == (now - events) / between) return;
    synchronized (MARKS) {
      MARKS.add(new Mark(now, SYSTEM.getProcessCpuTime(), System.nanoTime()));
    }
  }

  static void addCheckpoint() {
    CHECKPOINTS.incrementAndGet();
  }

  static int checkpoints() {
    return CHECKPOINTS.get();
  }

  static List<Mark> marks() {
    return MARKS;
  }

  static long cpu() {
    return SYSTEM.getProcessCpuTime();
  }
}
