package lottery;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceEnumerator;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A stream whose shards are files. Where each reader is, is part of a checkpoint. */
final class RecordSource<E> implements Source<E, RecordSplit<E>, Collection<RecordSplit<E>>> {
  interface ParserFactory<E> extends Serializable {
    RecordIterator.Parser<E> create();
  }

  private final List<String> paths;
  private final ParserFactory<E> parsers;

  RecordSource(List<String> paths, ParserFactory<E> parsers) {
    this.paths = new ArrayList<>(paths);
    this.parsers = parsers;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<E, RecordSplit<E>> createReader(SourceReaderContext context) {
    return new IteratorSourceReader<>(context);
  }

  @Override
  public SplitEnumerator<RecordSplit<E>, Collection<RecordSplit<E>>> createEnumerator(
      SplitEnumeratorContext<RecordSplit<E>> context) {
    List<RecordSplit<E>> splits = new ArrayList<>();
    for (String path : paths) splits.add(new RecordSplit<>(path, 0, parsers));
    return new IteratorSourceEnumerator<>(context, splits);
  }

  @Override
  public SplitEnumerator<RecordSplit<E>, Collection<RecordSplit<E>>> restoreEnumerator(
      SplitEnumeratorContext<RecordSplit<E>> context, Collection<RecordSplit<E>> left) {
    return new IteratorSourceEnumerator<>(context, left);
  }

  @Override
  public SimpleVersionedSerializer<RecordSplit<E>> getSplitSerializer() {
    return new RecordSplit.Serializer<>(parsers);
  }

  @Override
  public SimpleVersionedSerializer<Collection<RecordSplit<E>>> getEnumeratorCheckpointSerializer() {
    return new RecordSplit.ListSerializer<>(new RecordSplit.Serializer<>(parsers));
  }
}
