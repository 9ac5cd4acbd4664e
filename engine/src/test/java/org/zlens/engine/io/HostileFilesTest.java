package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.zlens.engine.Fixtures;

/** Whatever the bytes, a file is read or refused as bad data, within a bound on memory. */
class HostileFilesTest {
  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  @Provide
  Arbitrary<String> archives() {
    return Arbitraries.of(
        "formats/views_and_dtypes.pt",
        "formats/big_endian.pt",
        "broken/pickle/healthy.pt",
        "broken/pickle/deflated_entries.pt",
        "residual-bloom/final_sparse_autoencoder_gpt2-tiny_blocks.1.hook_resid_pre_160.pt");
  }

  @Provide
  Arbitrary<String> arrays() {
    return Arbitraries.of(
        "formats/arrays.npz", "broken/npz/healthy.npz", "broken/npz/healthy_compressed.npz");
  }

  @Property(tries = 200)
  void randomBytes(@ForAll @Size(max = 2000) byte[] bytes) throws IOException {
    HostileBytes.check(bytes, path -> HostileBytes.readAll(TensorFile.open(path)));
    HostileBytes.check(bytes, path -> HostileBytes.readAll(Safetensors.open(path)));
    HostileBytes.check(bytes, path -> HostileBytes.readAll(TorchArchive.open(path)));
    HostileBytes.check(bytes, path -> HostileBytes.readAll(Npz.open(path)));
  }

  @Property(tries = 200)
  void damagedSafetensors(@ForAll("seeds") long seed) throws IOException {
    byte[] bytes = bytes("formats/dtypes.safetensors");
    byte[] damaged = HostileBytes.mutate(bytes, new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(Safetensors.open(path)));
  }

  @Property(tries = 200)
  void damagedSafetensorsHeader(@ForAll("seeds") long seed) throws IOException {
    byte[] bytes = bytes("formats/dtypes.safetensors");
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    Random random = new Random(seed);
    StringBuilder header = new StringBuilder(new String(bytes, 8, length, StandardCharsets.UTF_8));
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      String digits = Long.toString(random.nextLong() >> random.nextInt(64));
      int at = random.nextInt(header.length());
      header.replace(at, Math.min(header.length(), at + random.nextInt(4)), digits);
    }
    byte[] changed = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + changed.length + bytes.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(changed.length)
            .put(changed)
            .put(Arrays.copyOfRange(bytes, 8 + length, bytes.length));
    HostileBytes.check(file.array(), path -> HostileBytes.readAll(Safetensors.open(path)));
  }

  @Property(tries = 200)
  void damagedTorchArchives(@ForAll("archives") String name, @ForAll("seeds") long seed)
      throws IOException {
    byte[] damaged = HostileBytes.mutate(bytes(name), new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(TorchArchive.open(path)));
  }

  @Property(tries = 200)
  void damagedPickles(@ForAll("archives") String name, @ForAll("seeds") long seed)
      throws IOException {
    byte[] damaged = HostileBytes.mutateEntries(file(name), "data.pkl", new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(TorchArchive.open(path)));
  }

  @Property(tries = 200)
  void damagedLegacyArchives(@ForAll("seeds") long seed) throws IOException {
    byte[] damaged = HostileBytes.mutate(bytes("formats/legacy.pt"), new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(TorchArchive.open(path)));
  }

  @Property(tries = 200)
  void damagedNpz(@ForAll("arrays") String name, @ForAll("seeds") long seed) throws IOException {
    byte[] damaged = HostileBytes.mutate(bytes(name), new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(Npz.open(path)));
  }

  @Property(tries = 200)
  void damagedArrays(@ForAll("arrays") String name, @ForAll("seeds") long seed) throws IOException {
    byte[] damaged = HostileBytes.mutateEntries(file(name), ".npy", new Random(seed));
    HostileBytes.check(damaged, path -> HostileBytes.readAll(Npz.open(path)));
  }

  @Property(tries = 200)
  void damagedSettings(@ForAll("seeds") long seed) throws IOException {
    byte[] bytes = bytes("ckkissane/" + SETTINGS);
    byte[] damaged = HostileBytes.mutate(bytes, new Random(seed));
    HostileBytes.check(damaged, path -> JsonSettings.read(path).whole("d_in", 1, 10, 5));
  }

  private static final String SETTINGS =
      "gpt2-tiny_L0_Hcat_z_lr1.20e-03_l18.00e-01_ds160_bs4096_dc1.00e-06_rsanthropic_rie25000_nr4_v9_cfg.json";

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  private static Path file(String name) {
    return Fixtures.path("saes/" + name);
  }
}
