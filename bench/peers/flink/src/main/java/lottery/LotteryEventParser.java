package lottery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Of the stream that has few events: a new object for each. */
final class LotteryEventParser implements RecordIterator.Parser<LotteryEvent> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public LotteryEvent parse(byte[] bytes, int offset, int length, long arrival, int position) throws IOException {
    LotteryEvent event = new LotteryEvent();
    event.arrival = arrival;
    event.position = position;
    event.timestamp = -1;
    try (JsonParser json = JSON.createParser(bytes, offset, length)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "type" -> event.type = json.getText();
          case "lotteryId" -> event.lotteryId = json.getLongValue();
          case "timestamp" -> event.timestamp = json.getLongValue();
          case "prizes" -> event.prizes = prizes(json);
          default -> json.skipChildren();
        }
      }
    }
    return event;
  }

  private static String[] prizes(JsonParser json) throws IOException {
    List<String> prizes = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) prizes.add(json.getText());
    return prizes.toArray(new String[0]);
  }
}
