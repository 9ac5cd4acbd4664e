package org.zlens.engine.io;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.fuzz.FuzzSeeds;

/** Whatever bytes a file of NumPy arrays is made of, it is read or refused as bad data. */
class NpzFuzzTest implements FuzzSeeds {
  @FuzzTest
  void anyBytes(byte[] bytes) throws IOException {
    HostileBytes.check(bytes, path -> HostileBytes.readAll(Npz.open(path)));
  }

  @Override
  public void write(Path folder) throws IOException {
    SeedFiles.copy(folder, "formats", ".npz");
    SeedFiles.copy(folder, "broken", ".npz");
  }

  @Override
  public List<String> words() {
    return List.of(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }",
        "'descr': '|O'",
        "'descr': '>f8'",
        "'descr': '<f2'",
        "'fortran_order': True",
        "'shape': (",
        "NUMPY\u0001",
        "NUMPY\u0003",
        ".npy",
        "PK\u0001\u0002",
        "PK\u0005\u0006");
  }
}
