package lottery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the job once, and prints what came out and what it took as one line of JSON. */
public final class Main {
  /** The system counts in hundredths of a second: a mark is far more than that from the next. */
  private static final int MARKS = 10;

  private Main() {}

  /** @param args directory for state, "hashmap" or "rocksdb", number of events, lottery shard, user shards: a subtask for each */
  public static void main(String[] args) throws Exception {
    endWithParent();
    String directory = args[0];
    List<String> userShards = List.of(args).subList(4, args.length);
    Progress.expect(Long.parseLong(args[2]), MARKS);
    Configuration settings = Settings.of(directory, args[1], userShards.size());
    StreamExecutionEnvironment flow = StreamExecutionEnvironment.createLocalEnvironment(userShards.size(), settings);
    Job.describe(flow, args[3], userShards);
    flow.execute("lottery");
    long cpu = Progress.cpu();
    print(cpu);
    // Threads of the cluster would keep the process for a while.
    System.exit(0);
  }

  /** Whoever started it holds its standard input open, and has ended where that does. */
  private static void endWithParent() {
    Thread waiting =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException gone) {
                // As well as an end.
              }
              System.exit(1);
            });
    waiting.setDaemon(true);
    waiting.start();
  }

  private static void print(long cpu) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(System.out)) {
      json.writeStartObject();
      json.writeNumberField("cpuNs", cpu);
      json.writeNumberField("heapAfterGc", Progress.heap());
      json.writeNumberField("peakRssKb", peakRssKb());
      json.writeNumberField("checkpoints", Progress.checkpoints());
      json.writeFieldName("counts");
      json.writeArray(Results.counts(), 0, Code.COUNT);
      json.writeNumberField("digest", Integer.toUnsignedLong(Results.digest()));
      json.writeArrayFieldStart("marks");
      for (Progress.Mark mark : Progress.marks()) {
        json.writeArray(new long[] {mark.events(), mark.cpu(), mark.wall()}, 0, 3);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("draws");
      for (Partial draw : Results.DRAWS.values()) print(draw, json);
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void print(Partial draw, JsonGenerator json) throws IOException {
    json.writeStartArray();
    json.writeNumber(draw.lotteryId);
    json.writeNumber(draw.run);
    json.writeNumber(draw.windowStart);
    json.writeNumber(draw.entries);
    json.writeNumber(draw.winningPosition);
    json.writeNumber(draw.winningUserId);
    json.writeString(draw.prize);
    json.writeNumber(Integer.toUnsignedLong(draw.digest));
    json.writeEndArray();
  }

  private static long peakRssKb() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", ""));
    }
    return 0;
  }
}
