package lottery;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

final class SpendCouponsFactory extends AbstractStreamOperatorFactory<Outcome> {
  SpendCouponsFactory() {
    chainingStrategy = ChainingStrategy.HEAD_WITH_SOURCES;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Outcome>> T createStreamOperator(StreamOperatorParameters<Outcome> parameters) {
    return (T) new SpendCoupons(parameters);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return SpendCoupons.class;
  }
}
