package lottery;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.MultipleConnectedStreams;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.KeyedMultipleInputTransformation;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/** The lottery: coupons, clicks, a draw per lottery and window. */
final class Job {
  /** Below it all have arrived that are of a window: arrivals of a shard go up, and a window takes clicks for a grace. */
  private static final Duration LATENESS = Duration.ofMillis(Rules.GRACE_MS + 1);

  private Job() {}

  static void describe(StreamExecutionEnvironment flow, String lotteryShard, List<String> userShards) {
    DataStream<LotteryEvent> lotteries =
        flow.fromSource(
                new RecordSource<>(List.of(lotteryShard), LotteryEventParser::new),
                WatermarkStrategy.<LotteryEvent>forMonotonousTimestamps()
                    .withTimestampAssigner((event, unused) -> event.arrival),
                "lottery-events",
                TypeInformation.of(LotteryEvent.class))
            .setParallelism(1);

    DataStream<UserEvent> users =
        flow.fromSource(
            new RecordSource<>(userShards, UserEventParser::new),
            WatermarkStrategy.<UserEvent>forBoundedOutOfOrderness(LATENESS)
                .withTimestampAssigner((event, unused) -> event.arrival),
            "user-events",
            TypeInformation.of(UserEvent.class));

    DataStream<Outcome> outcomes = decide(flow, users.keyBy(event -> event.userId), lotteries.broadcast());
    outcomes.sinkTo(new OutcomeSink()).name("outcomes");
    outcomes
        .transform("collect-entries", TypeInformation.of(Partial.class), new CollectEntries())
        .keyBy(Job::drawOf, Types.TUPLE(Types.LONG, Types.INT))
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(Rules.WINDOW_MS)))
        .reduce(Partial::merge)
        .sinkTo(new DrawSink())
        .name("winners");
  }

  private static Tuple2<Long, Integer> drawOf(Partial partial) {
    return Tuple2.of(partial.lotteryId, partial.run);
  }

  private static DataStream<Outcome> decide(
      StreamExecutionEnvironment flow, DataStream<UserEvent> users, DataStream<LotteryEvent> lotteries) {
    KeyedMultipleInputTransformation<Outcome> decided =
        new KeyedMultipleInputTransformation<>(
            "spend-coupons",
            new SpendCouponsFactory(),
            TypeInformation.of(Outcome.class),
            flow.getParallelism(),
            Types.LONG);
    decided.addInput(users.getTransformation(), (UserEvent event) -> event.userId);
    decided.addInput(lotteries.getTransformation(), null);
    flow.addOperator(decided);
    return new MultipleConnectedStreams(flow).transform(decided);
  }
}
