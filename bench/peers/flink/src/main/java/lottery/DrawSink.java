package lottery;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Keeps the winners. */
final class DrawSink implements Sink<Partial> {
  @Override
  public SinkWriter<Partial> createWriter(WriterInitContext context) {
    return new SinkWriter<>() {
      @Override
      public void write(Partial draw, Context unused) {
        Results.DRAWS.put(draw.lotteryId + "@" + draw.windowStart + "#" + draw.run, draw);
      }

      @Override
      public void flush(boolean isEnd) {}

      @Override
      public void close() {}
    };
  }
}
