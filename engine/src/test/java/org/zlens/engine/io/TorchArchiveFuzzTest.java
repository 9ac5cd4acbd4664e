package org.zlens.engine.io;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.fuzz.FuzzSeeds;

/**
 * Whatever bytes a torch archive is made of: nothing in it is ever run, and it is read or refused.
 */
class TorchArchiveFuzzTest implements FuzzSeeds {
  @FuzzTest
  void anyBytes(byte[] bytes) throws IOException {
    HostileBytes.check(bytes, path -> HostileBytes.readAll(TorchArchive.open(path)));
  }

  @Override
  public void write(Path folder) throws IOException {
    SeedFiles.copy(folder, "formats", ".pt");
    SeedFiles.copy(folder, "broken", ".pt");
  }

  @Override
  public List<String> words() {
    return List.of(
        "ctorch._utils\n_rebuild_tensor_v2\n",
        "ctorch\nFloatStorage\n",
        "ctorch\nBFloat16Storage\n",
        "ccollections\nOrderedDict\n",
        "cos\nsystem\n",
        "storage",
        "cuda:0",
        "archive/data.pkl",
        "archive/data/0",
        "archive/byteorder",
        "PK\u0001\u0002",
        "PK\u0003\u0004",
        "PK\u0005\u0006",
        "PK\u0006\u0006",
        "PK\u0006\u0007");
  }
}
