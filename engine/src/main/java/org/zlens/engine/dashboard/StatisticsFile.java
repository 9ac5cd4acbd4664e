package org.zlens.engine.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;

/**
 * Statistics of some SAEs in a file, with what they are of. The file is written beside the old one
 * and moved over it, so that a kill leaves the one before.
 */
final class StatisticsFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final String FORMAT = "zlens statistics 1";
  private static final String HEADER = "statistics";

  private final Path file;

  StatisticsFile(Path file) {
    this.file = file;
  }

  /**
   * What is in a file.
   *
   * @param identity of the model, the text and each of the SAEs
   * @param batches how many batches of the text were read
   */
  record Header(String format, Map<String, String> identity, long batches) {}

  /** Writes the statistics of SAEs by name. */
  void write(Map<String, FeatureStatistics> all, Map<String, String> identity, long batches) {
    SafetensorsWriter writer = new SafetensorsWriter();
    all.forEach((name, one) -> add(writer, name + "/", one));
    try {
      writer
          .metadata(HEADER, JSON.writeValueAsString(new Header(FORMAT, identity, batches)))
          .write(file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(SafetensorsWriter writer, String name, FeatureStatistics one) {
    longs(writer, name + "counts", new long[] {one.tokens, one.holds, one.rows, one.longest});
    longs(writer, name + "fired", one.fired);
    longs(writer, name + "exponents", widened(one.exponents));
    longs(writer, name + "bins", widened(one.bins));
    if (one.proxied) {
      longs(writer, name + "proxy_bins", widened(one.proxyBins));
    }
    add(writer, name + "strongest.", one.strongest);
    add(writer, name + "drawn.", one.drawn);
    longs(
        writer, name + "sketch.sizes", widened(one.sketch.sizes.length, i -> one.sketch.sizes[i]));
    longs(writer, name + "sketch.lots", one.sketch.lots);
  }

  private static void add(SafetensorsWriter writer, String name, KeptPlaces kept) {
    longs(writer, name + "sizes", widened(kept.sizes.length, i -> kept.sizes[i]));
    longs(writer, name + "places", kept.places);
    floats(writer, name + "activations", kept.activations);
    floats(writer, name + "around", kept.around);
    if (kept.isAttributed()) {
      longs(writer, name + "sources", widened(kept.sources));
      floats(writer, name + "contributions", kept.contributions);
    }
  }

  private static void longs(SafetensorsWriter writer, String name, long[] values) {
    writer.addLongs(name, new long[] {values.length}, values);
  }

  private static void floats(SafetensorsWriter writer, String name, float[] values) {
    writer.add(name, new long[] {values.length}, values);
  }

  /** A number at each index. */
  private interface IntAt {
    int at(int index);
  }

  private static long[] widened(int length, IntAt numbers) {
    long[] wide = new long[length];
    for (int i = 0; i < length; i++) {
      wide[i] = numbers.at(i);
    }
    return wide;
  }

  private static long[] widened(int[] numbers) {
    return widened(numbers.length, i -> numbers[i]);
  }

  /** Whether there is a file of these SAEs, this text and this model. */
  boolean isOf(Map<String, String> identity) {
    return header().filter(header -> header.identity().equals(identity)).isPresent();
  }

  private Optional<Header> header() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (TensorFile tensors = Safetensors.open(file)) {
      return Optional.of(header(tensors));
    }
  }

  private Header header(TensorFile tensors) {
    String text = tensors.metadata().get(HEADER);
    if (text == null) {
      throw DataFault.in(file, "holds no statistics of features", "name another folder");
    }
    try {
      Header header = JSON.readValue(text, Header.class);
      if (!FORMAT.equals(header.format()) || header.identity() == null || header.batches() < 0) {
        throw DataFault.in(file, "holds statistics of another version of this program");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw DataFault.in(file, "its description cannot be read (" + e.getOriginalMessage() + ")");
    }
  }

  /**
   * Fills blank statistics from the file.
   *
   * @return how many batches are in them
   * @throws ZlensException of kind DATA if the file is broken
   */
  long read(Map<String, FeatureStatistics> all) {
    try (TensorFile tensors = Safetensors.open(file)) {
      all.forEach((name, one) -> read(tensors, name + "/", one));
      return header(tensors).batches();
    }
  }

  private void read(TensorFile tensors, String name, FeatureStatistics one) {
    long[] counts = longs(tensors, name + "counts", 4, 0, Long.MAX_VALUE);
    one.tokens = counts[0];
    one.holds = counts[1];
    one.rows = counts[2];
    one.longest = (int) Math.min(counts[3], Integer.MAX_VALUE);
    copy(longs(tensors, name + "fired", one.features, 0, Long.MAX_VALUE), one.fired);
    narrow(
        longs(tensors, name + "exponents", one.features, ActivationGrid.NONE, Byte.MAX_VALUE),
        one.exponents);
    narrow(longs(tensors, name + "bins", one.bins.length, 0, Integer.MAX_VALUE), one.bins);
    if (one.proxied) {
      narrow(
          longs(tensors, name + "proxy_bins", one.bins.length, 0, Integer.MAX_VALUE),
          one.proxyBins);
    }
    read(tensors, name + "strongest.", one.strongest);
    read(tensors, name + "drawn.", one.drawn);
    long[] sizes = longs(tensors, name + "sketch.sizes", one.features, 0, PlaceSketch.CAPACITY);
    long[] lots =
        longs(
            tensors, name + "sketch.lots", one.sketch.lots.length, Long.MIN_VALUE, Long.MAX_VALUE);
    for (int feature = 0; feature < one.features; feature++) {
      for (int i = 0; i < sizes[feature]; i++) {
        one.sketch.offer(feature, lots[feature * PlaceSketch.CAPACITY + i]);
      }
    }
    requireWhole(one);
  }

  private void read(TensorFile tensors, String name, KeptPlaces kept) {
    long[] sizes = longs(tensors, name + "sizes", kept.groups, 0, kept.capacity);
    for (int i = 0; i < sizes.length; i++) {
      kept.sizes[i] = (byte) sizes[i];
    }
    copy(longs(tensors, name + "places", kept.places.length, 0, Long.MAX_VALUE), kept.places);
    floats(tensors, name + "activations", kept.activations);
    floats(tensors, name + "around", kept.around);
    if (kept.isAttributed()) {
      narrow(
          longs(tensors, name + "sources", kept.sources.length, -1, Integer.MAX_VALUE),
          kept.sources);
      floats(tensors, name + "contributions", kept.contributions);
    }
    kept.settleAll();
  }

  /** A feature that fired has bins, and one that did not has none. */
  private void requireWhole(FeatureStatistics one) {
    for (int feature = 0; feature < one.features; feature++) {
      long sum = 0;
      for (int bin = 0; bin < ActivationGrid.BINS; bin++) {
        sum += one.bins[feature * ActivationGrid.BINS + bin];
      }
      boolean exponent = one.exponents[feature] != ActivationGrid.NONE;
      if (sum != one.fired[feature] || exponent != sum > 0) {
        throw DataFault.in(file, "counts of feature " + feature + " do not fit each other");
      }
    }
  }

  private long[] longs(TensorFile tensors, String name, int length, long least, long most) {
    requireLength(tensors, name, length);
    long[] values = tensors.readLongs(name);
    for (long value : values) {
      if (value < least || value > most) {
        throw DataFault.in(file, "tensor '" + name + "' holds " + value + ", which cannot be");
      }
    }
    return values;
  }

  private void floats(TensorFile tensors, String name, float[] to) {
    requireLength(tensors, name, to.length);
    float[] values = tensors.floats(name);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw DataFault.in(file, "tensor '" + name + "' holds " + value + ", which cannot be");
      }
    }
    System.arraycopy(values, 0, to, 0, to.length);
  }

  private void requireLength(TensorFile tensors, String name, int length) {
    if (!tensors.info(name).hasShape(length)) {
      throw DataFault.in(
          file,
          "tensor '"
              + name
              + "' has the shape "
              + tensors.info(name).shapeText()
              + ", expected "
              + length);
    }
  }

  private static void copy(long[] from, long[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static void narrow(long[] from, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (int) from[i];
    }
  }
}
