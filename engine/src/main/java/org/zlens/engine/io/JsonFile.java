package org.zlens.engine.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads a configuration file strictly: one JSON object, no key twice, no NaN, nothing after it. */
public final class JsonFile {
  private static final int LARGEST = 16 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  /** Reads an object. */
  public static ObjectNode read(Path path) {
    try (FileChannel channel = FileChannel.open(path)) {
      FileSignature.refuseImpostor(path, channel);
      if (channel.size() > LARGEST) {
        throw DataFault.in(path, "has " + channel.size() + " bytes, too many for a configuration");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      new FileBlock(channel, 0, channel.size()).read(0, bytes);
      JsonNode node = JSON.readTree(bytes.array());
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw DataFault.in(path, "is not a JSON object");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      String cause = e.getOriginalMessage().lines().findFirst().orElse("");
      throw DataFault.in(path, "is not valid JSON" + line + " (" + cause + ")");
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }
}
