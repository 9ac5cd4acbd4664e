package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.save.ProvenanceJson;
import org.zlens.dsl.save.ValueJson;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Statement;

/**
 * Holds every value that the examples show to what is promised of all: that it tells how it came to
 * be, with nothing left empty, and that files of it tell the same.
 */
final class OriginCheck implements ResultListener {
  private static final Set<Group> OF_MODELS =
      EnumSet.of(Group.LOOK, Group.ATTRIBUTE, Group.INTERVENE, Group.TRAIN);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Command command;

  /** For the values of a command's examples. */
  OriginCheck(Command command) {
    this.command = command;
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    check(provenance);
    provenance.lineage().statements().forEach(OriginCheck::check);
    boolean own = provenance.command().startsWith(command.signature().verb());
    if (own && OF_MODELS.contains(command.signature().group())) {
      modelOf(provenance);
    }
    if (own && statement instanceof Statement.Pipeline one && one.stages().size() == 1) {
      command
          .signature()
          .columns()
          .ifPresent(
              columns ->
                  assertThat(Cells.tableOf(value).table().columnNames())
                      .containsExactlyElementsOf(columns));
    }
    try {
      JsonNode told = JSON.readTree(ValueJson.line(value, provenance)).path("provenance");
      assertThat(told).isEqualTo(JSON.readTree(ProvenanceJson.line(provenance)));
      full(told, "provenance");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(Provenance provenance) {
    assertThat(provenance.command()).isNotBlank();
    assertThat(provenance.source()).isNotBlank();
    assertThat(provenance.line()).isPositive();
    assertThat(provenance.versions()).containsKeys("java", "zlens");
    assertThat(provenance.at()).isNotNull();
    assertThat(provenance.took()).isNotNull();
    for (ProvenanceInput input : provenance.inputs()) {
      if (input.role().equals("model")) {
        assertThat(input.details()).containsKeys("config", "device", "dtype", "processing");
        assertThat(provenance.versions()).containsKey("libtorch");
      } else if (input.role().startsWith("sae at ")) {
        assertThat(input.details()).containsKeys("config", "format");
      }
      if (!input.role().equals("variable") && !input.role().equals("metric")) {
        assertThat(input.hash()).as("%s %s", input.role(), input.name()).isNotBlank();
      }
    }
  }

  private static void modelOf(Provenance provenance) {
    List<ProvenanceInput> inputs = new ArrayList<>(provenance.inputs());
    provenance.lineage().statements().forEach(earlier -> inputs.addAll(earlier.inputs()));
    assertThat(inputs).as(provenance.command()).anyMatch(input -> input.role().equals("model"));
  }

  /** No text in it is empty, wherever it stands. */
  private static void full(JsonNode json, String place) {
    assertThat(json.isTextual() && json.asText().isBlank()).as("%s is empty", place).isFalse();
    json.properties().forEach(field -> full(field.getValue(), place + " " + field.getKey()));
    for (JsonNode element : json) {
      full(element, place);
    }
  }
}
