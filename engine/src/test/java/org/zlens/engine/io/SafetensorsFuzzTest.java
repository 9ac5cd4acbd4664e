package org.zlens.engine.io;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.fuzz.FuzzSeeds;

/** Whatever bytes a safetensors file is made of, it is read or refused as bad data. */
class SafetensorsFuzzTest implements FuzzSeeds {
  @FuzzTest
  void anyBytes(byte[] bytes) throws IOException {
    HostileBytes.check(bytes, path -> HostileBytes.readAll(Safetensors.open(path)));
  }

  @Override
  public void write(Path folder) throws IOException {
    SeedFiles.copy(folder, "formats", ".safetensors");
    SeedFiles.copy(folder, "broken", ".safetensors");
  }

  @Override
  public List<String> words() {
    return List.of(
        "{\"__metadata__\":{",
        "\"dtype\":\"F32\"",
        "\"dtype\":\"BF16\"",
        "\"dtype\":\"F8_E4M3\"",
        "\"dtype\":\"I64\"",
        "\"dtype\":\"BOOL\"",
        "\"shape\":[",
        "\"data_offsets\":[0,",
        "18446744073709551615",
        "\\u0000");
  }
}
