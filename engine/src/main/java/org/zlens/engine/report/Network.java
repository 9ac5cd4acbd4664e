package org.zlens.engine.report;

import java.util.List;
import org.zlens.engine.report.Plot.Form;

/**
 * Dots at places of a grid, and links between them.
 *
 * @param columns names along x, of the places 0, 1, ..
 * @param rows names along y, of the places 0, 1, .. from below
 */
public record Network(List<String> columns, List<String> rows, List<Dot> dots, List<Link> links)
    implements Form {
  /**
   * Something with a place.
   *
   * @param name shown beside it
   * @param about shown where the pointer is on it, line by line
   * @param group what the legend calls its kind
   * @param x its place along x, between columns too
   * @param y its place along y, between rows too
   * @param size 0 to 1
   */
  public record Dot(
      String name, List<String> about, String group, double x, double y, double size) {
    /** Keeps the lines from changing. */
    public Dot {
      about = List.copyOf(about);
    }
  }

  /**
   * Something between two.
   *
   * @param from number of a dot
   * @param to number of a dot
   * @param about shown where the pointer is on its middle, line by line
   * @param kind what the legend calls its kind
   * @param width 0 to 1
   */
  public record Link(int from, int to, List<String> about, Kind kind, double width) {
    /** Keeps the lines from changing. */
    public Link {
      about = List.copyOf(about);
    }
  }

  /**
   * A kind of links.
   *
   * @param name what the legend calls it
   * @param color its colour, as a stylesheet has it
   * @param isDashed whether its lines are broken, for those who do not see the colour
   */
  public record Kind(String name, String color, boolean isDashed) {}

  /** Keeps the lists from changing, and refuses links to nothing. */
  public Network {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    dots = List.copyOf(dots);
    links = List.copyOf(links);
    for (Link link : links) {
      if (Math.min(link.from(), link.to()) < 0 || Math.max(link.from(), link.to()) >= dots.size()) {
        throw new IllegalArgumentException(link + " among " + dots.size());
      }
    }
  }

  @Override
  public int size() {
    return dots.size() + links.size();
  }
}
