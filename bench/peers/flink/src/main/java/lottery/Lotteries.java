package lottery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/** The runs of all lotteries, in broadcast state: each subtask sees all starts and stops, in one order, and decides them alike. */
final class Lotteries {
  private static final MapStateDescriptor<Long, List<Run>> RUNS =
      new MapStateDescriptor<>("runs", Types.LONG, Types.LIST(Types.POJO(Run.class)));

  private final BroadcastState<Long, List<Run>> stored;
  /** The same without its wrapping: each click looks here. */
  private final Map<Long, Run[]> byLottery = new HashMap<>();

  Lotteries(OperatorStateStore store) throws Exception {
    stored = store.getBroadcastState(RUNS);
    for (Map.Entry<Long, List<Run>> entry : stored.entries()) cache(entry.getKey(), entry.getValue());
  }

  /** The run that was started last by then; null: none. */
  Run runAt(long lotteryId, long arrival) {
    Run[] all = byLottery.get(lotteryId);
    if (all == null) return null;
    for (int index = all.length - 1; index >= 0; index -= 1) {
      if (all[index].startedAt <= arrival) return all[index];
    }
    return null;
  }

  /** @return what became of it */
  byte decide(LotteryEvent event) throws Exception {
    List<Run> before = stored.get(event.lotteryId);
    List<Run> runs = new ArrayList<>(before == null ? List.of() : before);
    byte code = event.type.equals("LotteryStartEvent") ? start(event, runs) : stop(event, runs);
    stored.put(event.lotteryId, runs);
    cache(event.lotteryId, runs);
    return code;
  }

  private static byte start(LotteryEvent event, List<Run> runs) {
    if (!isOver(runs, event.arrival)) return Code.LOTTERY_ALREADY_STARTED;
    Run run = new Run();
    run.run = runs.size() + 1;
    run.startedAt = event.arrival;
    run.firstWindowStart = Rules.windowStartOf(event.timestamp < 0 ? event.arrival : event.timestamp);
    run.prizes = event.prizes;
    run.lastWindowStart =
        event.prizes == null
            ? Long.MAX_VALUE
            : run.firstWindowStart + (event.prizes.length - 1) * Rules.WINDOW_MS;
    runs.add(run);
    return Code.STARTED;
  }

  private static byte stop(LotteryEvent event, List<Run> runs) {
    if (isOver(runs, event.arrival)) return Code.LOTTERY_INACTIVE;
    Run run = runs.get(runs.size() - 1);
    if (run.isStopped) return Code.LOTTERY_INACTIVE;
    run.isStopped = true;
    run.lastWindowStart = Math.min(run.lastWindowStart, Rules.windowStartOf(event.arrival));
    return Code.STOPPED;
  }

  private static boolean isOver(List<Run> runs, long time) {
    return runs.isEmpty() || runs.get(runs.size() - 1).isEndedAt(time);
  }

  private void cache(long lotteryId, List<Run> runs) {
    byLottery.put(lotteryId, runs.toArray(new Run[0]));
  }
}
