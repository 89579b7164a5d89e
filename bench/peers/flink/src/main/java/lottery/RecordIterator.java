package lottery;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;

/**
 * Reads a shard: records as bench/peers/flink/record-file.ts writes them. It reads ahead in blocks, as a client of a stream does,
 * and parses each record where it lies.
 */
final class RecordIterator<E> implements Iterator<E> {
  /** Parses one JSON text. May return the same object each time. */
  interface Parser<E> {
    E parse(byte[] bytes, int offset, int length, long arrival, int position) throws IOException;
  }

  /** Arrival, position, length of the JSON text. */
  private static final int HEADER = 8 + 4 + 2;

  private static final int BLOCK = 1 << 20;

  private final FileChannel channel;
  private final Parser<E> parser;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
  private final long size;
  /** Of the record that comes next. */
  private long offset;

  private int unreported;

  RecordIterator(String path, long offset, Parser<E> parser) {
    this.parser = parser;
    this.offset = offset;
    try {
      channel = FileChannel.open(Path.of(path), StandardOpenOption.READ).position(offset);
      size = channel.size();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  long offset() {
    return offset;
  }

  @Override
  public boolean hasNext() {
    if (offset < size) return true;
    Progress.add(unreported);
    unreported = 0;
    return false;
  }

  @Override
  public E next() {
    try {
      if (block.remaining() < HEADER) refill();
      long arrival = block.getLong();
      int position = block.getInt();
      int length = Short.toUnsignedInt(block.getShort());
      if (block.remaining() < length) refill();
      E event = parser.parse(block.array(), block.position(), length, arrival, position);
      block.position(block.position() + length);
      offset += HEADER + length;
      if (++unreported == Progress.STEP) {
        Progress.add(unreported);
        unreported = 0;
      }
      return event;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private void refill() throws IOException {
    block.compact();
    if (channel.read(block) < 0) throw new EOFException("A record is cut off at byte " + offset);
    block.flip();
  }
}
