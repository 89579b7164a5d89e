package lottery;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** CPU time of this process, all its threads, at marks on the way through the events of both streams. */
final class Progress {
  /** Events between two reports of a reader. */
  static final int STEP = 1_024;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final AtomicLong EVENTS = new AtomicLong();
  private static final List<Mark> MARKS = new ArrayList<>();
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();
  private static long expected = Long.MAX_VALUE;
  private static long between = Long.MAX_VALUE;
  private static long heap;

  /** @param cpu and wall in ns */
  record Mark(long events, long cpu, long wall) {}

  private Progress() {}

  /** @param marks how many there shall be */
  static void expect(long events, int marks) {
    expected = events;
    between = Math.max(STEP, (events + marks - 1) / marks);
  }

  static void add(int events) {
    long now = EVENTS.addAndGet(events);
    boolean isLast = now >= expected && now - events < expected;
    if (!isLast && now / between == (now - events) / between) return;
    synchronized (MARKS) {
      MARKS.add(new Mark(now, SYSTEM.getProcessCpuTime(), System.nanoTime()));
    }
    if (isLast) heap = heapAfterCollection();
  }

  /** While the state of all users is still there. */
  private static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  static long heap() {
    return heap;
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
