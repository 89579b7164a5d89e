package lottery;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Reduces the entries of a draw where they are made, so that a lottery that all click on is no bottleneck of one subtask, and no
 * click but few partial draws cross the network. It has no state: all of it goes out before a checkpoint's barrier does, and
 * before a watermark that ends its window.
 */
final class CollectEntries extends AbstractStreamOperator<Partial> implements OneInputStreamOperator<Outcome, Partial> {
  /** Few: the lotteries of one or two windows. The one that was found last is the first. */
  private transient List<Partial> open;

  @Override
  public void open() throws Exception {
    super.open();
    open = new ArrayList<>();
  }

  @Override
  public void processElement(StreamRecord<Outcome> element) {
    Outcome outcome = element.getValue();
    if (outcome.code != Code.ACCEPTED) return;
    int seed = Rules.drawSeed(outcome.lotteryId, outcome.run, outcome.windowStart);
    partialOf(outcome).add(Rules.priority(seed, outcome.position), outcome.position, outcome.userId);
  }

  private Partial partialOf(Outcome outcome) {
    for (int index = open.size() - 1; index >= 0; index -= 1) {
      Partial partial = open.get(index);
      if (partial.lotteryId == outcome.lotteryId
          && partial.windowStart == outcome.windowStart
          && partial.run == outcome.run) {
        return partial;
      }
    }
    Partial partial = new Partial();
    partial.lotteryId = outcome.lotteryId;
    partial.run = outcome.run;
    partial.windowStart = outcome.windowStart;
    partial.prize = outcome.prize;
    open.add(partial);
    return partial;
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    send(mark.getTimestamp());
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    send(Long.MAX_VALUE);
  }

  @Override
  public void finish() throws Exception {
    send(Long.MAX_VALUE);
    super.finish();
  }

  /** @param time of the windows that it ends */
  private void send(long time) {
    for (Iterator<Partial> each = open.iterator(); each.hasNext(); ) {
      Partial partial = each.next();
      long last = partial.windowStart + Rules.WINDOW_MS - 1;
      if (last > time) continue;
      output.collect(new StreamRecord<>(partial, last));
      each.remove();
    }
  }
}
