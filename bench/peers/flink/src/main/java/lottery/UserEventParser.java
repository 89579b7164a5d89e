package lottery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Takes fields in any order, and passes over those that it does not know. */
final class UserEventParser implements RecordIterator.Parser<UserEvent> {
  private static final JsonFactory JSON = new JsonFactory();

  private final UserEvent event = new UserEvent();
  private final CompactJson compact = new CompactJson();

  @Override
  public UserEvent parse(byte[] bytes, int offset, int length, long arrival, int position) throws IOException {
    event.arrival = arrival;
    event.position = position;
    if (!compact.read(bytes, offset, length, event)) readAny(bytes, offset, length);
    return event;
  }

  private void readAny(byte[] bytes, int offset, int length) throws IOException {
    try (JsonParser json = JSON.createParser(bytes, offset, length)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        switch (name) {
          case "type" -> event.isClick = isClick(json.getText());
          case "userId" -> event.userId = json.getLongValue();
          case "lotteryId" -> event.lotteryId = json.getLongValue();
          case "timestamp" -> event.timestamp = json.getLongValue();
          case "purchasedCoupons" -> event.purchasedCoupons = json.getLongValue();
          default -> {
            if (token.isStructStart()) json.skipChildren();
          }
        }
      }
    }
  }

  private static boolean isClick(String type) throws IOException {
    return switch (type) {
      case "UserClickEvent" -> true;
      case "UserBuyCouponEvent" -> false;
      default -> throw new IOException("Unknown type " + type);
    };
  }
}
