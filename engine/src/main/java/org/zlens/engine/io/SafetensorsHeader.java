package org.zlens.engine.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.ZlensException;

/** The JSON header of a safetensors file, parsed strictly. */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";
  private static final int MOST_AXES = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(4).maxNumberLength(20).build())
          .build();

  /** One tensor and its bytes, counted from the start of the data. */
  record Entry(TensorInfo info, long begin, long end) {}

  static SafetensorsHeader parse(Path path, byte[] header) {
    try {
      // A check of its own: the JSON parser would let some bad sequences pass.
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header));
    } catch (CharacterCodingException e) {
      throw DataFault.in(path, "the header is not UTF-8");
    }
    try (JsonParser json = JSON.createParser(header)) {
      return new Reader(path, json).read();
    } catch (IOException e) {
      String cause =
          e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().get();
      throw DataFault.in(path, "the header is not valid JSON (" + cause + ")");
    }
  }

  /** The parse of one header. */
  private record Reader(Path path, JsonParser json) {
    SafetensorsHeader read() throws IOException {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw fault("the header is not a JSON object");
      }
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = Map.of();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals(METADATA)) {
          metadata = texts();
        } else {
          entries.add(entry(name));
        }
      }
      if (json.nextToken() != null) {
        throw fault("the header goes on after its JSON object");
      }
      return new SafetensorsHeader(entries, metadata);
    }

    private Map<String, String> texts() throws IOException {
      expect(JsonToken.START_OBJECT, METADATA, "an object");
      Map<String, String> texts = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        expect(JsonToken.VALUE_STRING, METADATA + "." + key, "a text");
        texts.put(key, json.getText());
      }
      return texts;
    }

    private Entry entry(String name) throws IOException {
      expect(JsonToken.START_OBJECT, name, "an object");
      ElementType type = null;
      long[] shape = null;
      long[] offsets = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "dtype" -> type = type(name);
          case "shape" -> shape = numbers(name, "shape");
          case "data_offsets" -> offsets = numbers(name, "data_offsets");
          default -> throw fault(tensor(name) + " has the unknown key " + DataFault.quote(key));
        }
      }
      Set<String> missing = new TreeSet<>();
      if (type == null) {
        missing.add("dtype");
      }
      if (shape == null) {
        missing.add("shape");
      }
      if (offsets == null) {
        missing.add("data_offsets");
      }
      if (type == null || shape == null || offsets == null) {
        throw fault(tensor(name) + " has no " + String.join(", ", missing));
      }
      return entry(name, type, shape, offsets);
    }

    private Entry entry(String name, ElementType type, long[] shape, long[] offsets) {
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw fault(tensor(name) + ": data_offsets are not a begin and an end after it");
      }
      TensorInfo info;
      long bytes;
      try {
        info = new TensorInfo(name, type, shape);
        bytes = Math.multiplyExact(info.count(), type.bytes());
      } catch (ArithmeticException e) {
        throw fault(tensor(name) + ": the shape is too large (overflow)");
      }
      if (bytes != offsets[1] - offsets[0]) {
        throw fault(
            tensor(name)
                + ": "
                + type
                + " "
                + info.shapeText()
                + " needs "
                + bytes
                + " bytes, data_offsets give "
                + (offsets[1] - offsets[0]));
      }
      return new Entry(info, offsets[0], offsets[1]);
    }

    private ElementType type(String name) throws IOException {
      expect(JsonToken.VALUE_STRING, name + ".dtype", "a text");
      String text = json.getText();
      for (ElementType type : ElementType.values()) {
        if (type.name().equals(text)) {
          return type;
        }
      }
      throw fault(tensor(name) + " has the unknown dtype " + DataFault.quote(text));
    }

    private long[] numbers(String name, String key) throws IOException {
      expect(JsonToken.START_ARRAY, name + "." + key, "a list");
      long[] numbers = new long[MOST_AXES];
      int count = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        boolean whole =
            json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!whole || json.getLongValue() < 0) {
          throw fault(
              tensor(name) + ": " + key + " holds something else than whole numbers from 0 on");
        }
        if (count == MOST_AXES) {
          throw fault(tensor(name) + ": " + key + " has more than " + MOST_AXES + " numbers");
        }
        numbers[count++] = json.getLongValue();
      }
      return Arrays.copyOf(numbers, count);
    }

    private void expect(JsonToken token, String what, String expected) throws IOException {
      if (json.currentToken() != token) {
        throw fault("header entry " + DataFault.quote(what) + " is not " + expected);
      }
    }

    private static String tensor(String name) {
      return "tensor " + DataFault.quote(name);
    }

    private ZlensException fault(String message) {
      return DataFault.in(path, message);
    }
  }
}
