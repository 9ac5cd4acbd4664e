package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;

class ClopperPearsonTest {
  /** The paper's Table 2; one lower bound is misprinted there as 82.2. */
  @ParameterizedTest
  @CsvSource({
    "20, 47.2, 82.7",
    "29, 82.8, 99.9",
    "26, 69.3, 96.2",
    "23, 57.7, 90.1",
    "24, 61.4, 92.3",
    "21, 50.6, 85.3",
    "18, 40.6, 77.3",
    "19, 43.9, 80.1",
    "25, 65.3, 94.4"
  })
  void givesTheIntervalsOfThePaper(int successes, double lower, double upper) {
    ClopperPearson interval = ClopperPearson.of(successes, 30, 0.05);
    assertThat(100 * interval.lower()).isEqualTo(lower, offset(0.0501));
    assertThat(100 * interval.upper()).isEqualTo(upper, offset(0.0501));
  }

  @Test
  void agreesWithOthersToNineDigits() throws IOException {
    JsonNode vectors =
        new ObjectMapper()
            .readTree(Fixtures.path("stats.json").toFile())
            .required("clopper_pearson");
    assertThat(vectors).isNotEmpty();
    for (JsonNode vector : vectors) {
      ClopperPearson interval =
          ClopperPearson.of(
              vector.required("x").asLong(),
              vector.required("n").asLong(),
              vector.required("alpha").asDouble());
      assertThat(interval.lower()).isEqualTo(vector.required("lower").asDouble(), offset(1e-9));
      assertThat(interval.upper()).isEqualTo(vector.required("upper").asDouble(), offset(1e-9));
    }
  }

  @Test
  void noneAndAllReachTheEnds() {
    assertThat(ClopperPearson.of(0, 10, 0.05).lower()).isZero();
    assertThat(ClopperPearson.of(10, 10, 0.05).upper()).isEqualTo(1);
  }

  @Test
  void refusesCountsThatCannotBe() {
    assertThatThrownBy(() -> ClopperPearson.of(31, 30, 0.05))
        .isInstanceOf(ZlensException.class)
        .hasMessage("31 successes of 30 trials are not possible");
    assertThatThrownBy(() -> ClopperPearson.of(3, 30, 0))
        .hasMessage("alpha must lie between 0 and 1, found 0.0");
  }
}
