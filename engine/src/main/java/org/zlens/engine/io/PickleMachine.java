package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interprets the part of the pickle language that torch writes, as data.
 *
 * <p>Dictionaries become objects, lists and tuples arrays; what JSON has no word for ({@link
 * PickleGlobal}, {@link TorchStorage}, {@link TorchTensor}, {@link PickleObject}) is carried as a
 * leaf. The result may contain itself; {@link TorchTree} makes a finite tree of it.
 */
final class PickleMachine {
  /** The largest pickle: names and shapes of a few thousand tensors take a hundredth of it. */
  static final long LARGEST = 16 << 20;

  private static final int NEWEST_PROTOCOL = 5;
  private static final int MOST_VALUES = 1 << 20;
  private static final int MOST_STEPS = 1 << 21;
  private static final int LONGEST_INTEGER = 256;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PickleInput input;
  private final PickleCalls calls;
  private final List<JsonNode> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, JsonNode> memo = new HashMap<>();
  private int steps;

  PickleMachine(PickleInput input) {
    this.input = input;
    this.calls = new PickleCalls(input);
  }

  /** Runs one pickle up to its STOP and returns the value that it leaves. */
  JsonNode run() {
    int opcode = input.u1();
    while (opcode != '.') {
      step(opcode);
      if (stack.size() + marks.size() > MOST_VALUES || ++steps > MOST_STEPS) {
        throw input.fault("it makes too many values");
      }
      opcode = input.u1();
    }
    return pop();
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(input.u1());
      case 0x95 -> input.i8(); // a frame's length, of use to a reader of streams only
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'N' -> push(NODES.nullNode());
      case 0x88 -> push(NODES.booleanNode(true));
      case 0x89 -> push(NODES.booleanNode(false));
      case 'J' -> push(NODES.numberNode(input.i4()));
      case 'K' -> push(NODES.numberNode(input.u1()));
      case 'M' -> push(NODES.numberNode(input.u2()));
      case 0x8a -> push(integer(input.bytes(input.u1())));
      case 0x8b -> push(integer(longInteger(input.i4())));
      case 'G' -> push(NODES.numberNode(input.bigEndianDouble()));
      case 'X', 'T' -> push(NODES.textNode(input.text(input.i4() & 0xffffffffL)));
      case 0x8c, 'U' -> push(NODES.textNode(input.text(input.u1())));
      case 0x8d -> push(NODES.textNode(input.text(input.i8())));
      case 'B' -> push(NODES.binaryNode(input.bytes(input.i4() & 0xffffffffL)));
      case 'C' -> push(NODES.binaryNode(input.bytes(input.u1())));
      case 0x8e, 0x96 -> push(NODES.binaryNode(input.bytes(input.i8())));
      case 'q' -> memo.put(input.u1(), top());
      case 'r' -> memo.put(input.i4(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(input.u1()));
      case 'j' -> push(remembered(input.i4()));
      case 'c' -> push(new POJONode(new PickleGlobal(input.line(), input.line())));
      default -> construct(opcode);
    }
  }

  private void construct(int opcode) {
    switch (opcode) {
      case '}' -> push(NODES.objectNode());
      case ']', ')', 0x8f -> push(NODES.arrayNode());
      case 't', 'l', 0x91 -> push(popToMark());
      case 'd' -> push(dictionary(popToMark()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 'a' -> append(tuple(1));
      case 'e', 0x90 -> append(popToMark());
      case 's' -> setItems(tuple(2));
      case 'u' -> setItems(popToMark());
      case 0x93 -> stackGlobal(pop(), pop());
      case 'R' -> reduce(pop(), pop());
      case 0x81 -> newObject(pop(), pop());
      case 'b' -> build(pop());
      case 'Q' -> push(calls.storage(pop()));
      case 'i' ->
          throw input.fault(
              "it makes an object of "
                  + DataFault.quote(input.line() + "." + input.line())
                  + " (opcode INST), which is refused");
      case 'o' -> throw input.fault("it calls " + called(popToMark()) + ", which is refused");
      case 0x92 -> throw input.fault("it makes an object with named arguments, which is refused");
      case 'I', 'L', 'F', 'S', 'V', 'g', 'p', 'P' ->
          throw input.fault("opcode '" + (char) opcode + "' of the text format is not read");
      default -> throw input.fault("unknown opcode 0x" + Integer.toHexString(opcode));
    }
  }

  private void protocol(int version) {
    if (version > NEWEST_PROTOCOL) {
      throw input.fault("protocol " + version + " is newer than " + NEWEST_PROTOCOL);
    }
  }

  private void push(JsonNode node) {
    stack.add(node);
  }

  private JsonNode top() {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() <= floor) {
      throw input.fault("it takes from an empty stack (underflow)");
    }
    return stack.get(stack.size() - 1);
  }

  private JsonNode pop() {
    JsonNode node = top();
    stack.remove(stack.size() - 1);
    return node;
  }

  private ArrayNode popToMark() {
    if (marks.isEmpty()) {
      throw input.fault("it takes from an empty stack (no mark)");
    }
    int mark = marks.remove(marks.size() - 1);
    List<JsonNode> taken = stack.subList(mark, stack.size());
    ArrayNode values = NODES.arrayNode(taken.size()).addAll(taken);
    taken.clear();
    return values;
  }

  private ArrayNode tuple(int size) {
    JsonNode[] values = new JsonNode[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return NODES.arrayNode(size).addAll(List.of(values));
  }

  private JsonNode remembered(int slot) {
    JsonNode node = memo.get(slot);
    if (node == null) {
      throw input.fault("memo slot " + slot + " was never filled");
    }
    return node;
  }

  private byte[] longInteger(int length) {
    if (length < 0 || length > LONGEST_INTEGER) {
      throw input.fault("an integer of " + length + " bytes");
    }
    return input.bytes(length);
  }

  private static JsonNode integer(byte[] littleEndian) {
    byte[] bytes = new byte[Math.max(1, littleEndian.length)];
    for (int i = 0; i < littleEndian.length; i++) {
      bytes[littleEndian.length - 1 - i] = littleEndian[i];
    }
    BigInteger value = new BigInteger(bytes);
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }

  private JsonNode dictionary(ArrayNode items) {
    ObjectNode dictionary = NODES.objectNode();
    fill(dictionary, items);
    return dictionary;
  }

  private void append(ArrayNode values) {
    if (!(top() instanceof ArrayNode list)) {
      throw input.fault("it appends to something that is not a list");
    }
    list.addAll(values);
  }

  private void setItems(ArrayNode items) {
    if (!(top() instanceof ObjectNode dictionary)) {
      throw input.fault("it sets items of something that is not a dictionary");
    }
    fill(dictionary, items);
  }

  private void fill(ObjectNode dictionary, ArrayNode items) {
    if (items.size() % 2 != 0) {
      throw input.fault("a dictionary with a key but no value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      calls.put(dictionary, items.get(i), items.get(i + 1));
    }
  }

  private void stackGlobal(JsonNode name, JsonNode module) {
    if (!name.isTextual() || !module.isTextual()) {
      throw input.fault("the name of a class that is not a text");
    }
    push(new POJONode(new PickleGlobal(module.textValue(), name.textValue())));
  }

  private void reduce(JsonNode arguments, JsonNode callable) {
    push(calls.call(global(callable), arguments));
  }

  private void newObject(JsonNode arguments, JsonNode type) {
    PickleGlobal global = global(type);
    boolean known = global.fullName().equals("collections.OrderedDict");
    push(known ? calls.call(global, arguments) : calls.newInstance(global, arguments));
  }

  private PickleGlobal global(JsonNode node) {
    if (PickleCalls.pojo(node) instanceof PickleGlobal global) {
      return global;
    }
    throw input.fault("it calls something that is not a name");
  }

  /** Attributes of an object that is not ours are kept; those of a dictionary do not matter. */
  private void build(JsonNode state) {
    if (top() instanceof ObjectNode) {
      return;
    }
    if (!(PickleCalls.pojo(top()) instanceof PickleObject object)) {
      throw input.fault("it sets the state of something that is not an object");
    }
    JsonNode attributes = state.isArray() && state.size() == 2 ? state.get(0) : state;
    if (!(attributes instanceof ObjectNode named)) {
      throw input.fault("the state of an object is not a dictionary");
    }
    for (Map.Entry<String, JsonNode> attribute : named.properties()) {
      calls.put(object.attributes(), NODES.textNode(attribute.getKey()), attribute.getValue());
    }
  }

  private static String called(ArrayNode arguments) {
    boolean named =
        !arguments.isEmpty() && PickleCalls.pojo(arguments.get(0)) instanceof PickleGlobal;
    return named
        ? DataFault.quote(((PickleGlobal) PickleCalls.pojo(arguments.get(0))).fullName())
        : "something without a name";
  }
}
