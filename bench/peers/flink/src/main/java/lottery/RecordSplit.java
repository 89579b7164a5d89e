package lottery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A shard, from a byte of its file on. */
final class RecordSplit<E> implements IteratorSourceSplit<E, RecordIterator<E>> {
  private final String path;
  private final long offset;
  private final RecordSource.ParserFactory<E> parsers;

  RecordSplit(String path, long offset, RecordSource.ParserFactory<E> parsers) {
    this.path = path;
    this.offset = offset;
    this.parsers = parsers;
  }

  @Override
  public String splitId() {
    return path;
  }

  @Override
  public RecordIterator<E> getIterator() {
    return new RecordIterator<>(path, offset, parsers.create());
  }

  @Override
  public RecordSplit<E> getUpdatedSplitForIterator(RecordIterator<E> iterator) {
    return new RecordSplit<>(path, iterator.offset(), parsers);
  }

  /** How a checkpoint keeps where readers are. */
  record Serializer<E>(RecordSource.ParserFactory<E> parsers) implements SimpleVersionedSerializer<RecordSplit<E>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(RecordSplit<E> split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      write(split, new DataOutputStream(bytes));
      return bytes.toByteArray();
    }

    @Override
    public RecordSplit<E> deserialize(int version, byte[] bytes) throws IOException {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    private void write(RecordSplit<E> split, DataOutputStream out) throws IOException {
      out.writeUTF(split.path);
      out.writeLong(split.offset);
    }

    private RecordSplit<E> read(DataInputStream in) throws IOException {
      return new RecordSplit<>(in.readUTF(), in.readLong(), parsers);
    }
  }

  /** How a checkpoint keeps which shards nobody reads yet. */
  record ListSerializer<E>(Serializer<E> serializer) implements SimpleVersionedSerializer<Collection<RecordSplit<E>>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Collection<RecordSplit<E>> splits) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(splits.size());
      for (RecordSplit<E> split : splits) serializer.write(split, out);
      return bytes.toByteArray();
    }

    @Override
    public Collection<RecordSplit<E>> deserialize(int version, byte[] bytes) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      Collection<RecordSplit<E>> splits = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left -= 1) splits.add(serializer.read(in));
      return splits;
    }
  }
}
