package lottery;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Has Flink take the serializer that was written for it. */
public final class UserEventTypeInfo extends TypeInfoFactory<UserEvent> {
  @Override
  public TypeInformation<UserEvent> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
    return new Info();
  }

  static final class Info extends TypeInformation<UserEvent> {
    @Override
    public TypeSerializer<UserEvent> createSerializer(SerializerConfig config) {
      return UserEventSerializer.INSTANCE;
    }

    @Override
    public boolean isBasicType() {
      return false;
    }

    @Override
    public boolean isTupleType() {
      return false;
    }

    @Override
    public int getArity() {
      return 1;
    }

    @Override
    public int getTotalFields() {
      return 1;
    }

    @Override
    public Class<UserEvent> getTypeClass() {
      return UserEvent.class;
    }

    @Override
    public boolean isKeyType() {
      return false;
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof Info;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Info;
    }

    @Override
    public int hashCode() {
      return Info.class.hashCode();
    }

    @Override
    public String toString() {
      return "UserEvent";
    }
  }
}
