package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.zlens.engine.ZlensException;

/**
 * The format of torch.save before torch 1.6: a magic number, a version, facts about the machine,
 * the value and the list of storages as five pickles, then each storage after its length.
 */
final class TorchLegacy {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final int VERSION = 1001;

  private TorchLegacy() {}

  static TorchArchive read(Path path, FileChannel channel) throws IOException {
    FileBlock file = new FileBlock(channel, 0, channel.size());
    PickleInput input = new PickleInput(path, file, PickleMachine.LARGEST);
    ZlensException neither =
        DataFault.in(
            path,
            "is not a torch archive: it is no zip and does not begin as the older format does",
            "a zip of torch.save or a file of torch before 1.6 was expected");
    if (input.u1() != 0x80 || input.u1() > 5) {
      throw neither;
    }
    JsonNode magic = new PickleMachine(input).run();
    if (!magic.isIntegralNumber() || !magic.bigIntegerValue().equals(MAGIC)) {
      throw neither;
    }
    JsonNode version = new PickleMachine(input).run();
    if (version.asInt() != VERSION) {
      throw DataFault.in(path, "has the unknown version " + version.asInt());
    }
    JsonNode littleEndian = new PickleMachine(input).run().path("little_endian");
    if (!littleEndian.isBoolean()) {
      throw DataFault.in(path, "does not say its byte order");
    }
    ByteOrder order = littleEndian.booleanValue() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    PickleInput valueInput = input;
    JsonNode value = new PickleMachine(input).run();
    JsonNode keys = new PickleMachine(input).run();
    TorchTree tree = new TorchTree(path, input);
    tree.copy(value, "", 0);
    Map<String, Block> blocks = storages(path, file, input.position(), keys, order, tree);
    return TorchArchive.of(
        path, channel, input, value, order, storage -> found(path, blocks, storage));
  }

  private static Map<String, Block> storages(
      Path path, FileBlock file, long start, JsonNode keys, ByteOrder order, TorchTree tree)
      throws IOException {
    Map<String, Integer> widths = new HashMap<>();
    tree.tensors()
        .values()
        .forEach(
            tensor -> {
              ElementType type = tensor.storage().type();
              widths.put(tensor.storage().key(), type == null ? 1 : type.bytes());
            });
    Map<String, Block> blocks = new HashMap<>();
    long at = start;
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(order);
    for (JsonNode key : keys) {
      Integer width = widths.get(key.asText());
      if (width == null) {
        throw DataFault.in(path, "has a storage that no tensor uses");
      }
      if (at > file.size() - Long.BYTES) {
        throw DataFault.in(path, "ends before its storages (truncated)");
      }
      file.read(at, length.clear());
      at += Long.BYTES;
      long count = length.getLong(0);
      if (count < 0 || count > (file.size() - at) / width) {
        throw DataFault.in(path, "has a storage of " + count + " elements beyond its end");
      }
      if (blocks.put(key.asText(), new FileBlock(file.channel(), at, count * width)) != null) {
        throw DataFault.in(path, "has a storage twice (duplicate)");
      }
      at += count * width;
    }
    if (at != file.size()) {
      throw DataFault.in(path, "has " + (file.size() - at) + " bytes after its storages");
    }
    return blocks;
  }

  private static Block found(Path path, Map<String, Block> blocks, TorchStorage storage) {
    Block block = blocks.get(storage.key());
    if (block == null) {
      throw DataFault.in(path, "has no storage " + DataFault.quote(storage.key()));
    }
    return block;
  }
}
