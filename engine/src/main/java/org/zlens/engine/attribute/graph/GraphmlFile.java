package org.zlens.engine.attribute.graph;

import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A graph as GraphML, which Gephi, yEd, networkx, igraph and others read. */
public final class GraphmlFile {
  private static final String SPACE = "http://graphml.graphdrawing.org/xmlns";
  private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
  private static final String SCHEMA = SPACE + "/1.0/graphml.xsd";

  private record Key(String of, String type) {}

  private static final Map<String, Key> KEYS = new LinkedHashMap<>();

  static {
    for (String name : List.of("model", "prompt", "what", "provenance")) {
      KEYS.put(name, new Key("graph", "string"));
    }
    for (String name : List.of("label", "part", "token")) {
      KEYS.put(name, new Key("node", "string"));
    }
    for (String name : List.of("layer", "index", "position")) {
      KEYS.put(name, new Key("node", "int"));
    }
    for (String name : List.of("activation", "total", "rest", "influence")) {
      KEYS.put(name, new Key("node", "double"));
    }
    KEYS.put("root", new Key("node", "boolean"));
    for (String name : List.of("contribution", "exact", "weight")) {
      KEYS.put(name, new Key("edge", "double"));
    }
  }

  private final XMLStreamWriter xml;

  private GraphmlFile(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /**
   * Writes a graph. The {@code weight} of an edge is the size of its contribution, since most
   * readers lay out by it and take no negative ones.
   */
  public static void write(AttributionGraph graph, GraphText text, Writer writer)
      throws XMLStreamException {
    XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(writer);
    new GraphmlFile(xml).write(graph, text);
    xml.close();
  }

  private void write(AttributionGraph graph, GraphText text) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement("graphml");
    xml.writeDefaultNamespace(SPACE);
    xml.writeNamespace("xsi", INSTANCE);
    xml.writeAttribute("xsi", INSTANCE, "schemaLocation", SPACE + " " + SCHEMA);
    for (Map.Entry<String, Key> key : KEYS.entrySet()) {
      xml.writeEmptyElement("key");
      xml.writeAttribute("id", key.getKey());
      xml.writeAttribute("for", key.getValue().of());
      xml.writeAttribute("attr.name", key.getKey());
      xml.writeAttribute("attr.type", key.getValue().type());
    }
    xml.writeStartElement("graph");
    xml.writeAttribute("id", "attribution");
    xml.writeAttribute("edgedefault", "directed");
    data("model", text.model());
    data("prompt", text.prompt());
    data("what", graph.what());
    data("provenance", String.join("\n", text.provenance()));
    GraphInfluence influence = GraphInfluence.of(graph);
    Map<GraphNode, String> ids = new LinkedHashMap<>();
    for (GraphNode node : graph.nodes().keySet()) {
      ids.put(node, "n" + ids.size());
      node(graph, node, ids.get(node), text, influence);
    }
    for (GraphEdge edge : graph.edges()) {
      xml.writeStartElement("edge");
      xml.writeAttribute("source", ids.get(edge.from()));
      xml.writeAttribute("target", ids.get(edge.to()));
      number("contribution", edge.contribution());
      number("exact", edge.exact());
      number("weight", Math.abs(edge.contribution()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void node(
      AttributionGraph graph, GraphNode node, String id, GraphText text, GraphInfluence influence)
      throws XMLStreamException {
    NodeFacts facts = graph.facts(node);
    xml.writeStartElement("node");
    xml.writeAttribute("id", id);
    data("label", node.toString());
    data("part", node.part().label());
    if (node.position() >= 0 && node.position() < text.pieces().size()) {
      data("token", text.pieces().get(node.position()));
    }
    whole("layer", node.layer());
    whole("index", node.index());
    whole("position", node.position());
    number("activation", facts.activation());
    number("total", facts.total());
    number("rest", graph.rest(node));
    number("influence", influence.ofNode(node));
    data("root", Boolean.toString(graph.roots().contains(node)));
    xml.writeEndElement();
  }

  private void whole(String key, int value) throws XMLStreamException {
    if (value >= 0) {
      data(key, Integer.toString(value));
    }
  }

  private void number(String key, double value) throws XMLStreamException {
    if (!Double.isNaN(value)) {
      data(key, Double.toString(value));
    }
  }

  private void data(String key, String value) throws XMLStreamException {
    xml.writeStartElement("data");
    xml.writeAttribute("key", key);
    xml.writeCharacters(printable(value));
    xml.writeEndElement();
  }

  /** XML has no way to write most control characters, so that they are replaced. */
  private static String printable(String text) {
    StringBuilder some = new StringBuilder();
    text.codePoints().map(c -> isCharacter(c) ? c : 0xFFFD).forEach(some::appendCodePoint);
    return some.toString();
  }

  private static boolean isCharacter(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c >= 0x20 && c <= 0xD7FF
        || c >= 0xE000 && c <= 0xFFFD
        || c >= 0x10000;
  }
}
