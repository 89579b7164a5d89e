package lottery;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.typeutils.ValueTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractInput;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorV2;
import org.apache.flink.streaming.api.operators.Input;
import org.apache.flink.streaming.api.operators.MultipleInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.types.LongValue;

/**
 * Decides purchases and clicks. The first input is that of users, keyed; the second one is that of lotteries, all
 * of it for each subtask.
 *
 * <p>An operator of many inputs, as that sees the watermark of each: a click is decided once all starts and stops that can count for
 * it are known, so that the outcome hangs on the inputs alone, and not on which stream was read sooner.
 */
final class SpendCoupons extends AbstractStreamOperatorV2<Outcome> implements MultipleInputStreamOperator<Outcome> {
  static final long MAXIMUM_COUPONS = 1L << 52;

  private static final ListStateDescriptor<UserEvent> HELD = new ListStateDescriptor<>("held", UserEvent.class);

  private final Outcome outcome = new Outcome();
  private final StreamRecord<Outcome> record = new StreamRecord<>(outcome);
  private Lotteries lotteries;
  /** Mutable, which spares a new object for each event. */
  private ValueState<LongValue> coupons;
  /** Whether a state is the object itself: then to change it is to store it, and a click looks its user up once. */
  private boolean isOnHeap;
  private ListState<UserEvent> held;
  /** All starts and stops that arrived up to then are known. */
  private long known = Long.MIN_VALUE;

  SpendCoupons(StreamOperatorParameters<Outcome> parameters) {
    super(parameters, 2);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    lotteries = new Lotteries(context.getOperatorStateStore());
  }

  @Override
  public void open() throws Exception {
    super.open();
    coupons = getPartitionedState(new ValueStateDescriptor<>("coupons", ValueTypeInfo.LONG_VALUE_TYPE_INFO));
    isOnHeap = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
    held = getPartitionedState(HELD);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    if (isFirst()) Progress.addCheckpoint();
  }

  private boolean isFirst() {
    return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public List<Input> getInputs() {
    return List.of(new UserInput(), new LotteryInput());
  }

  private final class UserInput extends AbstractInput<UserEvent, Outcome> {
    UserInput() {
      super(SpendCoupons.this, 1);
    }

    @Override
    public void processElement(StreamRecord<UserEvent> element) throws Exception {
      UserEvent event = element.getValue();
      if (isDecidable(event)) decide(event);
      else held.add(UserEventSerializer.INSTANCE.copy(event));
    }
  }

  private final class LotteryInput extends AbstractInput<LotteryEvent, Outcome> {
    LotteryInput() {
      super(SpendCoupons.this, 2);
    }

    @Override
    public void processElement(StreamRecord<LotteryEvent> element) throws Exception {
      LotteryEvent event = element.getValue();
      if (event.type.equals("Heartbeat")) return;
      outcome.code = lotteries.decide(event);
      outcome.position = event.position;
      outcome.availableCoupons = 0;
      // All decide it, one says so.
      if (isFirst()) output.collect(record);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
      known = mark.getTimestamp();
      // Before the watermark goes on: what was held may be of windows that it ends.
      getKeyedStateBackend()
          .applyToAllKeys(
              VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, HELD, (key, state) -> decideHeld());
      super.processWatermark(mark);
    }
  }

  /** A click may be of a window that begins a grace after its arrival. */
  private boolean isDecidable(UserEvent event) {
    return known == Long.MAX_VALUE || event.arrival + Rules.GRACE_MS <= known;
  }

  /** A user's events stay in their order: each is held that comes behind one that is. */
  private void decideHeld() throws Exception {
    List<UserEvent> left = new ArrayList<>();
    for (UserEvent event : held.get()) {
      if (isDecidable(event)) decide(event);
      else left.add(event);
    }
    held.update(left);
  }

  private void decide(UserEvent event) throws Exception {
    LongValue stored = coupons.value();
    LongValue balance = stored == null ? new LongValue() : stored;
    long before = balance.getValue();
    outcome.position = event.position;
    outcome.userId = event.userId;
    outcome.arrival = event.arrival;
    outcome.lotteryId = event.lotteryId;
    outcome.timestamp = event.timestamp;
    outcome.availableCoupons = before;
    outcome.code = event.isClick ? click(event, before) : buy(event, before);
    if (outcome.availableCoupons != before) {
      balance.setValue(outcome.availableCoupons);
      if (stored == null || !isOnHeap) coupons.update(balance);
    }
    output.collect(record);
  }

  private byte buy(UserEvent event, long before) {
    if (event.purchasedCoupons < 1) return Code.INVALID_COUPON_AMOUNT;
    if (before + event.purchasedCoupons > MAXIMUM_COUPONS) return Code.COUPON_LIMIT_EXCEEDED;
    outcome.availableCoupons = before + event.purchasedCoupons;
    return Code.BOUGHT;
  }

  private byte click(UserEvent event, long before) {
    if (Math.abs(event.timestamp - event.arrival) > Rules.TOLERANCE_MS) return Code.TIMESTAMP_OUT_OF_RANGE;
    Run run = lotteries.runAt(event.lotteryId, event.arrival);
    if (run == null || Rules.windowStartOf(event.timestamp) < run.firstWindowStart) return Code.LOTTERY_INACTIVE;
    long windowStart = Rules.clickWindowStart(event.timestamp, event.arrival);
    if (windowStart < run.firstWindowStart || windowStart > run.lastWindowStart) return Code.LOTTERY_INACTIVE;
    if (before < 1) return Code.NO_COUPON;
    outcome.availableCoupons = before - 1;
    outcome.run = run.run;
    outcome.windowStart = windowStart;
    outcome.prize = run.prizeOf(windowStart);
    return Code.ACCEPTED;
  }
}
