package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.zlens.engine.ZlensException;

/**
 * The closed list of things that a pickle may ask for, each of them done here. Anything else is
 * refused by name: nothing is ever looked up, so nothing can be executed.
 */
final class PickleCalls {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "DoubleStorage", ElementType.F64,
          "FloatStorage", ElementType.F32,
          "HalfStorage", ElementType.F16,
          "BFloat16Storage", ElementType.BF16,
          "LongStorage", ElementType.I64,
          "IntStorage", ElementType.I32,
          "ShortStorage", ElementType.I16,
          "CharStorage", ElementType.I8,
          "ByteStorage", ElementType.U8,
          "BoolStorage", ElementType.BOOL);

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("float64", ElementType.F64),
          Map.entry("float32", ElementType.F32),
          Map.entry("float16", ElementType.F16),
          Map.entry("bfloat16", ElementType.BF16),
          Map.entry("float8_e4m3fn", ElementType.F8_E4M3),
          Map.entry("float8_e5m2", ElementType.F8_E5M2),
          Map.entry("int64", ElementType.I64),
          Map.entry("int32", ElementType.I32),
          Map.entry("int16", ElementType.I16),
          Map.entry("int8", ElementType.I8),
          Map.entry("uint64", ElementType.U64),
          Map.entry("uint32", ElementType.U32),
          Map.entry("uint16", ElementType.U16),
          Map.entry("uint8", ElementType.U8),
          Map.entry("bool", ElementType.BOOL));

  private final PickleInput input;

  PickleCalls(PickleInput input) {
    this.input = input;
  }

  /** The result of a call of the list. */
  JsonNode call(PickleGlobal callable, JsonNode arguments) {
    if (!(arguments instanceof ArrayNode list)) {
      throw input.fault("a call of " + callable.fullName() + " without a tuple of arguments");
    }
    return switch (callable.fullName()) {
      case "collections.OrderedDict", "builtins.dict", "__builtin__.dict" -> dictionary(list);
      case "torch._utils._rebuild_tensor" -> tensor(callable, list, 4);
      case "torch._utils._rebuild_tensor_v2" -> tensor(callable, list, 6);
      case "torch._utils._rebuild_tensor_v3" -> typedTensor(callable, list);
      case "torch._utils._rebuild_parameter" -> parameter(callable, list);
      case "torch.Size", "builtins.list", "builtins.set", "__builtin__.set" ->
          sequence(callable, list);
      case "torch.device" -> device(callable, list);
      case "_codecs.encode" -> encoded(callable, list);
      case "copyreg._reconstructor", "copy_reg._reconstructor" -> instance(callable, list);
      default -> throw refused("calls", callable);
    };
  }

  /** An empty instance of a class that is not ours; one with arguments is refused. */
  JsonNode newInstance(PickleGlobal type, JsonNode arguments) {
    if (!arguments.isArray() || !arguments.isEmpty()) {
      throw refused("makes an object with arguments of", type);
    }
    return new POJONode(new PickleObject(type.fullName(), NODES.objectNode()));
  }

  /** The storage that a persistent identifier names. */
  JsonNode storage(JsonNode id) {
    // ('storage', type, key, location, count), and in the old format a sixth: the view, or None.
    boolean known = id.size() >= 5 && id.size() <= 6 && id.get(0).asText().equals("storage");
    if (!known || !(pojo(id.get(1)) instanceof PickleGlobal type) || !id.get(2).isTextual()) {
      throw input.fault("a persistent identifier that is not a torch storage");
    }
    if (id.size() == 6 && !id.get(5).isNull()) {
      throw input.fault("a storage that is a view of another, which is not read");
    }
    long count = whole(id.get(4), "the length of a storage");
    ElementType element = null;
    if (!type.fullName().equals("torch.storage.UntypedStorage")) {
      boolean torch = type.module().equals("torch") || type.module().equals("torch.cuda");
      element = torch ? STORAGES.get(type.name()) : null;
      if (element == null) {
        throw input.fault(
            "the storage type " + DataFault.quote(type.fullName()) + " is not one that is read");
      }
    }
    if (count < 0 || count > Long.MAX_VALUE / Double.BYTES) {
      throw input.fault("a storage of " + count + " elements");
    }
    return new POJONode(new TorchStorage(element, id.get(2).textValue(), count));
  }

  /** What a name that is left over as a value means: an element type is one, a function is not. */
  JsonNode value(PickleGlobal global) {
    if (global.module().equals("torch") && TYPES.containsKey(global.name())) {
      return NODES.textNode(global.fullName());
    }
    throw refused("refers to", global);
  }

  private JsonNode dictionary(ArrayNode arguments) {
    ObjectNode dictionary = NODES.objectNode();
    if (arguments.isEmpty()) {
      return dictionary;
    }
    if (arguments.size() != 1 || !arguments.get(0).isArray()) {
      throw input.fault("a dictionary that is not made of pairs");
    }
    for (JsonNode pair : arguments.get(0)) {
      if (!pair.isArray() || pair.size() != 2) {
        throw input.fault("a dictionary that is not made of pairs");
      }
      put(dictionary, pair.get(0), pair.get(1));
    }
    return dictionary;
  }

  /** Sets an entry; a key of no simple type, or one that is there already, is refused. */
  void put(ObjectNode dictionary, JsonNode key, JsonNode value) {
    if (!key.isTextual() && !key.isNumber() && !key.isBoolean() && !key.isNull()) {
      throw input.fault("a dictionary key that is neither a text nor a number");
    }
    String name = key.asText();
    if (dictionary.has(name)) {
      throw input.fault("the key " + DataFault.quote(name) + " is given twice (duplicate)");
    }
    dictionary.set(name, value);
  }

  private JsonNode tensor(PickleGlobal callable, ArrayNode arguments, int least) {
    arity(callable, arguments, least, 7);
    TorchStorage storage = storageOf(callable, arguments);
    if (storage.type() == null) {
      throw input.fault("a tensor of an untyped storage");
    }
    return view(storage, storage.type(), arguments);
  }

  private JsonNode typedTensor(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 7, 8);
    TorchStorage storage = storageOf(callable, arguments);
    boolean named = pojo(arguments.get(6)) instanceof PickleGlobal;
    PickleGlobal type = named ? (PickleGlobal) pojo(arguments.get(6)) : null;
    if (type == null || !type.module().equals("torch") || !TYPES.containsKey(type.name())) {
      throw input.fault("a tensor of a type that is not read");
    }
    return view(storage, TYPES.get(type.name()), arguments);
  }

  private JsonNode view(TorchStorage storage, ElementType type, ArrayNode arguments) {
    try {
      return new POJONode(
          new TorchTensor(
              storage,
              type,
              whole(arguments.get(1), "a storage offset"),
              sizes(arguments.get(2), "the shape"),
              sizes(arguments.get(3), "the strides")));
    } catch (ArithmeticException e) {
      throw input.fault(e.getMessage());
    }
  }

  private JsonNode parameter(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 1, 3);
    if (!(pojo(arguments.get(0)) instanceof TorchTensor)) {
      throw input.fault("a parameter that is not a tensor");
    }
    return arguments.get(0);
  }

  private JsonNode sequence(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 0, 1);
    if (arguments.isEmpty()) {
      return NODES.arrayNode();
    }
    if (!arguments.get(0).isArray()) {
      throw input.fault(callable.fullName() + " of something that is not a list");
    }
    return arguments.get(0);
  }

  private JsonNode device(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 1, 2);
    String text = arguments.get(0).asText();
    return NODES.textNode(arguments.size() == 2 ? text + ":" + arguments.get(1).asText() : text);
  }

  /** How protocol 2 writes bytes: a text of which each character is a byte. */
  private JsonNode encoded(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 2, 2);
    if (!arguments.get(0).isTextual() || !arguments.get(1).asText().equals("latin1")) {
      throw input.fault("_codecs.encode of something else than latin1 bytes");
    }
    return NODES.binaryNode(arguments.get(0).textValue().getBytes(StandardCharsets.ISO_8859_1));
  }

  private JsonNode instance(PickleGlobal callable, ArrayNode arguments) {
    arity(callable, arguments, 3, 3);
    if (pojo(arguments.get(0)) instanceof PickleGlobal type
        && pojo(arguments.get(1)) instanceof PickleGlobal base
        && base.name().equals("object")
        && arguments.get(2).isNull()) {
      return newInstance(type, NODES.arrayNode());
    }
    throw refused("calls", callable);
  }

  private TorchStorage storageOf(PickleGlobal callable, ArrayNode arguments) {
    if (pojo(arguments.get(0)) instanceof TorchStorage storage) {
      return storage;
    }
    throw input.fault(callable.fullName() + " without a storage");
  }

  private void arity(PickleGlobal callable, ArrayNode arguments, int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw input.fault(callable.fullName() + " with " + arguments.size() + " arguments");
    }
  }

  private long[] sizes(JsonNode list, String what) {
    if (!list.isArray()) {
      throw input.fault(what + " of a tensor is not a tuple");
    }
    long[] sizes = new long[list.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = whole(list.get(i), what);
    }
    return sizes;
  }

  private long whole(JsonNode number, String what) {
    if (!number.isIntegralNumber() || !number.canConvertToLong()) {
      throw input.fault(what + " is not a whole number of 64 bits (overflow)");
    }
    return number.longValue();
  }

  private ZlensException refused(String does, PickleGlobal global) {
    return input.fault(
        "it "
            + does
            + " "
            + DataFault.quote(global.fullName())
            + ", which is refused: pickles are read as data and never executed");
  }

  static Object pojo(JsonNode node) {
    return node instanceof POJONode pojo ? pojo.getPojo() : null;
  }
}
