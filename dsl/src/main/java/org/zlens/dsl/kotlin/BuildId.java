package org.zlens.dsl.kotlin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import kotlin.KotlinVersion;
import org.zlens.engine.ZlensException;
import tech.tablesaw.api.Table;

/** What compiled scripts rely on: the application's own jars, Tablesaw and Kotlin. */
final class BuildId {
  private static final List<Class<?>> OF =
      List.of(BuildId.class, ZlensException.class, Table.class, KotlinVersion.class);

  private BuildId() {}

  /** The key of a script: of its text and name, and of everything it is compiled against. */
  static String key(String fileName, String text) {
    MessageDigest digest = Digest.start();
    add(digest, "4");
    add(digest, KotlinVersion.CURRENT.toString());
    add(digest, fileName);
    add(digest, text);
    for (Class<?> type : OF) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source != null) {
        add(digest, source.getLocation().toString());
        try {
          add(digest, Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IOException | UncheckedIOException e) {
          add(digest, "unknown");
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A build changes the size or the time of its jars; reading them all would cost more. */
  private static void add(MessageDigest digest, Path place) throws IOException {
    if (Files.isRegularFile(place)) {
      addFile(digest, place);
      return;
    }
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        add(digest, file.toString());
        addFile(digest, file);
      }
    }
  }

  private static void addFile(MessageDigest digest, Path file) throws IOException {
    add(digest, Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis());
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
