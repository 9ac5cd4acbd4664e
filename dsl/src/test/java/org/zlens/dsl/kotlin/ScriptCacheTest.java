package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where compiled scripts are kept: how much, and by how many at once. */
class ScriptCacheTest {
  @TempDir Path folder;

  @Test
  void processesAtOnceFindWhatIsWholeOrNothing() throws IOException, InterruptedException {
    List<Process> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      users.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CacheUser.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process user : users) {
      String said = new String(user.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(user.waitFor()).as(said).isZero();
      assertThat(said).startsWith("found ");
    }
    assertThat(names()).allMatch(name -> name.endsWith(".classes")).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void theOnesUsedLongestAgoMakeRoom() throws IOException {
    ScriptCache cache = new ScriptCache(folder, 3, Long.MAX_VALUE);
    for (String key : List.of("a", "b", "c")) {
      cache.keep(key, CacheUser.classes(key));
      age(key + ".classes", Duration.ofMinutes(10 - key.charAt(0) % 10));
    }
    age("a.classes", Duration.ofDays(1));
    assertThat(cache.find("a")).isPresent();
    age("b.classes", Duration.ofDays(2));
    cache.keep("d", CacheUser.classes("d"));
    assertThat(names()).containsExactlyInAnyOrder("a.classes", "c.classes", "d.classes");
    assertThat(cache.find("b")).isEmpty();
  }

  @Test
  void allTogetherTakeNoMoreThanTheyMay() throws IOException {
    ScriptCache cache = new ScriptCache(folder, 100, 100_000);
    for (String key : List.of("a", "b", "c", "d")) {
      cache.keep(key, CacheUser.classes(key));
      age(key + ".classes", Duration.ofMinutes('z' - key.charAt(0)));
    }
    cache.keep("e", CacheUser.classes("e"));
    assertThat(names()).containsExactlyInAnyOrder("d.classes", "e.classes");
  }

  @Test
  void whatAKilledWriterLeftIsTakenAwayAndWhatAnotherWritesIsNot() throws IOException {
    Files.writeString(folder.resolve(".zlens-dead.part"), "half");
    age(".zlens-dead.part", Duration.ofHours(2));
    Files.writeString(folder.resolve(".zlens-alive.part"), "half");
    Files.writeString(folder.resolve("notes.txt"), "not ours");
    age("notes.txt", Duration.ofDays(9));
    new ScriptCache(folder).keep("a", CacheUser.classes("a"));
    assertThat(names()).containsExactlyInAnyOrder(".zlens-alive.part", "notes.txt", "a.classes");
  }

  private void age(String name, Duration by) throws IOException {
    Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.now().minus(by)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
