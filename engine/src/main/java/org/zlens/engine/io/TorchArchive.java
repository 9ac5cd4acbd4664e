package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.zlens.engine.ZlensException;

/**
 * A file of torch.save: a zip of a pickle and storages, or the format before torch 1.6.
 *
 * <p>The pickle is read by an interpreter that knows tensors, parameters, dictionaries and lists,
 * and executes nothing: a call of anything else is refused by its name. Objects of unknown classes
 * are kept as their class's name and attributes.
 */
public final class TorchArchive extends TensorFile {
  private static final String PICKLE = "data.pkl";

  private final JsonNode tree;

  private TorchArchive(
      Path path, FileChannel channel, Map<String, StoredTensor> tensors, JsonNode tree) {
    super(path, channel, tensors, Map.of());
    this.tree = tree;
  }

  /** Opens a file, interprets its pickle and checks that every tensor lies inside its storage. */
  public static TorchArchive open(Path path) {
    FileChannel channel = null;
    boolean opened = false;
    try {
      channel = FileChannel.open(path);
      FileSignature.refuseImpostor(path, channel);
      TorchArchive archive =
          switch (FileSignature.of(path)) {
            case ZIP, ZIP_OF_ARRAYS -> fromZip(path, channel);
            case PICKLE, SAFETENSORS -> TorchLegacy.read(path, channel);
          };
      opened = true;
      return archive;
    } catch (IOException e) {
      throw DataFault.of(path, e);
    } finally {
      if (!opened) {
        Channels.closeQuietly(channel);
      }
    }
  }

  /**
   * The pickled value as plain data: dictionaries, lists, texts and numbers.
   *
   * <p>A tensor stands in it as the text {@code tensor NAME}, an element type as {@code
   * torch.float32}, and an object of an unknown class as a dictionary of its attributes with the
   * class's name under {@code __class__}.
   */
  public JsonNode tree() {
    return tree.deepCopy();
  }

  private static TorchArchive fromZip(Path path, FileChannel channel) throws IOException {
    ZipArchive zip = new ZipArchive(path, channel);
    String top = topFolder(path, zip);
    ByteOrder order = byteOrder(path, zip, top);
    ZipMember pickle = zip.member(top + PICKLE);
    if (pickle.size() > PickleMachine.LARGEST) {
      throw DataFault.in(path, "its data.pkl has " + pickle.size() + " bytes, which is too many");
    }
    PickleInput input = new PickleInput(path, zip.block(pickle), PickleMachine.LARGEST);
    JsonNode value = new PickleMachine(input).run();
    if (input.position() != pickle.size()) {
      throw input.fault("bytes follow its end");
    }
    Map<String, Block> blocks = new HashMap<>();
    return of(
        path,
        channel,
        input,
        value,
        order,
        storage ->
            blocks.computeIfAbsent(storage.key(), key -> storageBlock(path, zip, top, storage)));
  }

  /** Builds the archive from the interpreted pickle and the places of its storages. */
  static TorchArchive of(
      Path path,
      FileChannel channel,
      PickleInput input,
      JsonNode value,
      ByteOrder order,
      Function<TorchStorage, Block> blocks) {
    TorchTree tree = new TorchTree(path, input);
    JsonNode data = tree.copy(value, "", 0);
    if (tree.tensors().isEmpty()) {
      throw DataFault.in(path, "holds no tensors");
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tree.tensors()
        .forEach(
            (name, tensor) -> {
              Block block = blocks.apply(tensor.storage());
              if (block.size() != tensor.storage().bytes()) {
                throw DataFault.in(
                    path,
                    "the storage "
                        + DataFault.quote(tensor.storage().key())
                        + " of tensor "
                        + DataFault.quote(name)
                        + " holds "
                        + block.size()
                        + " bytes, expected "
                        + tensor.storage().bytes());
              }
              TensorInfo info = new TensorInfo(name, tensor.type(), tensor.shape());
              long start = tensor.offset() * tensor.type().bytes();
              tensors.put(
                  name,
                  new StoredTensor(info, block, start, order, tensor.stridesUnlessContiguous()));
            });
    return new TorchArchive(path, channel, tensors, data);
  }

  private static String topFolder(Path path, ZipArchive zip) {
    List<String> pickles =
        zip.names().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.isEmpty()) {
      throw DataFault.in(path, "is a zip without data.pkl, so not a file of torch.save");
    }
    if (pickles.size() > 1) {
      throw DataFault.in(path, "has more than one data.pkl: " + Names.list(pickles));
    }
    String top = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    if (zip.member(top + "constants.pkl") != null) {
      throw DataFault.in(
          path, "is a TorchScript module, which is code", "save the state dict with torch.save");
    }
    for (String name : zip.names()) {
      if (!name.startsWith(top)) {
        throw DataFault.in(
            path, "entry " + DataFault.quote(name) + " is outside its folder '" + top + "'");
      }
    }
    return top;
  }

  private static ByteOrder byteOrder(Path path, ZipArchive zip, String top) throws IOException {
    ZipMember member = zip.member(top + "byteorder");
    if (member == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(16, member.size()));
    zip.block(member).read(0, bytes);
    String text = new String(bytes.array(), StandardCharsets.US_ASCII);
    return switch (text) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw DataFault.in(path, "has the unknown byte order " + DataFault.quote(text));
    };
  }

  private static Block storageBlock(Path path, ZipArchive zip, String top, TorchStorage storage) {
    String key = storage.key();
    if (!key.matches("[0-9A-Za-z_]{1,64}")) {
      throw fault(path, "has an impossible storage key", key);
    }
    ZipMember member = zip.member(top + "data/" + key);
    if (member == null) {
      throw fault(path, "has no entry for the storage", key);
    }
    return zip.block(member);
  }

  private static ZlensException fault(Path path, String message, String key) {
    return DataFault.in(path, message + " " + DataFault.quote(key));
  }
}
