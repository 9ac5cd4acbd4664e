package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.zlens.engine.ZlensException;

/**
 * Makes of a pickle's value a finite tree of plain data and a list of its tensors, named by the
 * keys on the way to each ({@code nested.list.0}).
 */
final class TorchTree {
  /** The name under which the class of an object that is not ours stands among its attributes. */
  static final String CLASS = "__class__";

  private static final int DEEPEST = 64;
  private static final int MOST_NODES = 1 << 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Path path;
  private final PickleCalls calls;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private int nodes;

  TorchTree(Path path, PickleInput input) {
    this.path = path;
    this.calls = new PickleCalls(input);
  }

  /** The tensors that were met, by name. */
  Map<String, TorchTensor> tensors() {
    return tensors;
  }

  /** Copies a value; a tensor is replaced by a text that describes it. */
  JsonNode copy(JsonNode value, String name, int depth) {
    if (depth > DEEPEST) {
      throw fault("its values are nested deeper than " + DEEPEST);
    }
    if (++nodes > MOST_NODES) {
      throw fault("it holds more than " + MOST_NODES + " values");
    }
    if (value instanceof ObjectNode dictionary) {
      return dictionary(dictionary, NODES.objectNode(), name, depth);
    }
    if (value instanceof ArrayNode list) {
      ArrayNode copy = NODES.arrayNode();
      for (int i = 0; i < list.size(); i++) {
        copy.add(copy(list.get(i), join(name, Integer.toString(i)), depth + 1));
      }
      return copy;
    }
    if (!value.isPojo()) {
      return value;
    }
    Object leaf = PickleCalls.pojo(value);
    if (leaf instanceof TorchTensor tensor) {
      return tensor(tensor, name);
    }
    if (leaf instanceof PickleObject object) {
      ObjectNode copy = NODES.objectNode().put(CLASS, object.className());
      return dictionary(object.attributes(), copy, name, depth);
    }
    if (leaf instanceof PickleGlobal global) {
      return calls.value(global);
    }
    throw fault("a storage stands where a value should");
  }

  private JsonNode dictionary(ObjectNode from, ObjectNode to, String name, int depth) {
    for (Map.Entry<String, JsonNode> entry : from.properties()) {
      if (to.has(entry.getKey())) {
        throw fault("the key " + DataFault.quote(entry.getKey()) + " is given twice (duplicate)");
      }
      to.set(entry.getKey(), copy(entry.getValue(), join(name, entry.getKey()), depth + 1));
    }
    return to;
  }

  private JsonNode tensor(TorchTensor tensor, String name) {
    String key = name.isEmpty() ? "tensor" : name;
    if (tensors.put(key, tensor) != null) {
      throw fault("two tensors are named " + DataFault.quote(key) + " (duplicate)");
    }
    return NODES.textNode("tensor " + key);
  }

  private static String join(String name, String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private ZlensException fault(String message) {
    return DataFault.in(path, message);
  }
}
