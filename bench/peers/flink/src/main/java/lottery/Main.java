package lottery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the job once, and prints what came out and what it took as one line of JSON. */
public final class Main {
  private static final int MARKS = 20;

  private Main() {}

  /** @param args checkpoint directory, "hashmap" or "rocksdb", "chained" or "shuffled", events, lottery shard, user shards */
  public static void main(String[] args) throws Exception {
    String directory = args[0];
    List<String> userShards = List.of(args).subList(5, args.length);
    Progress.expect(Long.parseLong(args[3]), MARKS);
    Configuration settings = Settings.of(directory, args[1], userShards.size());
    StreamExecutionEnvironment flow = StreamExecutionEnvironment.createLocalEnvironment(userShards.size(), settings);
    Job.describe(flow, args[4], userShards, args[2].equals("shuffled"));
    flow.execute("lottery");
    long cpu = Progress.cpu();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    print(cpu, heap);
    // Threads of the cluster would keep the process for a while.
    System.exit(0);
  }

  private static void print(long cpu, long heap) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(System.out)) {
      json.writeStartObject();
      json.writeNumberField("cpuNs", cpu);
      json.writeNumberField("heapAfterGc", heap);
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
