package lottery;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

final class SpendCouponsFactory extends AbstractStreamOperatorFactory<Outcome> {
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
