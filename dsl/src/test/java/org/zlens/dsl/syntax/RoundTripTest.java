package org.zlens.dsl.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the printer prints is what was meant. */
class RoundTripTest {
  @Provide
  Arbitrary<Script> scripts() {
    return SyntaxTrees.scripts();
  }

  @Property(tries = 2000, seed = "1")
  void printedSyntaxParsesToItself(@ForAll("scripts") Script script) {
    String printed = Printer.print(script);
    Script again = Parser.parse(new SourceText("printed", printed));
    assertThat(SyntaxDump.dump(again)).as(printed).isEqualTo(SyntaxDump.dump(script));
    assertThat(Printer.print(again)).isEqualTo(printed);
  }
}
