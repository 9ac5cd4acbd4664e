package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void everyHalfSurvivesTheRoundTrip() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = HalfFloat.fromHalf((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(HalfFloat.toHalf(value)).isEqualTo((short) bits);
      }
    }
    assertThat(HalfFloat.fromHalf(HalfFloat.toHalf(Float.NaN))).isNaN();
  }

  @Test
  void roundsTiesToEvenAndOverflowsToInfinity() {
    assertThat(HalfFloat.toHalf(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(HalfFloat.toHalf(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
    assertThat(HalfFloat.toHalf(0x1p-25f)).isEqualTo((short) 0);
    assertThat(HalfFloat.toHalf(3 * 0x1p-25f)).isEqualTo((short) 2);
    assertThat(HalfFloat.toHalf(65519.99f)).isEqualTo((short) 0x7bff);
    assertThat(HalfFloat.toHalf(65520f)).isEqualTo((short) 0x7c00);
    assertThat(HalfFloat.toHalf(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xfc00);
  }

  @Property
  void picksTheNearestHalf(@ForAll float any) {
    float value = Math.abs(any) > 65000 ? any % 65000 : any;
    short half = HalfFloat.toHalf(value);
    float error = Math.abs(HalfFloat.fromHalf(half) - value);
    assertThat(Math.abs(HalfFloat.fromHalf((short) (half + 1)) - value))
        .isGreaterThanOrEqualTo(error);
    if ((half & 0x7fff) != 0) {
      assertThat(Math.abs(HalfFloat.fromHalf((short) (half - 1)) - value))
          .isGreaterThanOrEqualTo(error);
    }
  }
}
