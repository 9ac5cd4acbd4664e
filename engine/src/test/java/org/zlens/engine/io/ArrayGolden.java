package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Compares a tensor of a file with the shape and the values that a JSON golden gives for it. */
final class ArrayGolden {
  private ArrayGolden() {}

  static void check(TensorFile file, String name, JsonNode golden) {
    long[] shape = new long[golden.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = golden.get("shape").get(i).longValue();
    }
    TensorInfo info = file.info(name);
    assertThat(info.shape()).as(name).isEqualTo(shape);
    JsonNode values = golden.get("values");
    assertThat(info.count()).as(name).isEqualTo(values.size());
    float[] floats = file.floats(name);
    for (int i = 0; i < floats.length; i++) {
      JsonNode value = values.get(i);
      float expected =
          value.isBoolean() ? (value.booleanValue() ? 1 : 0) : (float) value.doubleValue();
      assertThat(floats[i]).as("%s[%d]", name, i).isEqualTo(expected);
    }
    if (!info.type().isFloat()) {
      long[] longs = file.readLongs(name);
      for (int i = 0; i < longs.length; i++) {
        JsonNode value = values.get(i);
        long expected = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.longValue();
        assertThat(longs[i]).as("%s[%d]", name, i).isEqualTo(expected);
      }
    }
  }
}
