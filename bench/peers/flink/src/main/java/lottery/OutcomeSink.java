package lottery;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Counts outcomes, exactly once, and drops them. */
final class OutcomeSink implements Sink<Outcome>, SupportsWriterState<Outcome, long[]> {
  @Override
  public SinkWriter<Outcome> createWriter(WriterInitContext context) {
    return new Writer();
  }

  @Override
  public StatefulSinkWriter<Outcome, long[]> restoreWriter(WriterInitContext context, Collection<long[]> states) {
    Writer writer = new Writer();
    for (long[] state : states) writer.add(state);
    return writer;
  }

  private static final class Writer implements StatefulSinkWriter<Outcome, long[]> {
    private final long[] counts = new long[Code.COUNT];
    private int digest;

    void add(long[] state) {
      for (int code = 0; code < counts.length; code += 1) counts[code] += state[code];
      digest += (int) state[counts.length];
    }

    @Override
    public void write(Outcome outcome, Context context) {
      counts[outcome.code] += 1;
      digest += Rules.mix(outcome.position ^ Rules.mix(outcome.code + 31 * (int) outcome.availableCoupons));
    }

    @Override
    public List<long[]> snapshotState(long checkpointId) {
      long[] state = new long[counts.length + 1];
      System.arraycopy(counts, 0, state, 0, counts.length);
      state[counts.length] = digest;
      return List.of(state);
    }

    @Override
    public void flush(boolean isEnd) {
      if (isEnd) Results.add(counts, digest);
    }

    @Override
    public void close() {}
  }

  @Override
  public SimpleVersionedSerializer<long[]> getWriterStateSerializer() {
    return new SimpleVersionedSerializer<>() {
      @Override
      public int getVersion() {
        return 1;
      }

      @Override
      public byte[] serialize(long[] state) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * state.length);
        bytes.asLongBuffer().put(state);
        return bytes.array();
      }

      @Override
      public long[] deserialize(int version, byte[] bytes) {
        long[] state = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).asLongBuffer().get(state);
        return state;
      }
    };
  }
}
