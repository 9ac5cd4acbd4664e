package org.zlens.engine.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzzes one test: {@code FuzzRun CLASS RESOURCES WORK [OPTION ...]}, as {@code bin/fuzz} calls it.
 * Inputs that reach new code go to the folder {@code WORK/found}; those in RESOURCES are kept.
 */
public final class FuzzRun {
  private FuzzRun() {}

  public static void main(String[] arguments) throws Exception {
    Class<?> target = Class.forName(arguments[0]);
    Path work = Path.of(arguments[2]);
    Path found = Files.createDirectories(work.resolve("found"));
    Path seeds = Files.createDirectories(work.resolve("seeds"));
    Path kept = kept(target, Path.of(arguments[1]));
    List<String> all = new ArrayList<>();
    all.add("--target_class=" + target.getName());
    all.add("--instrumentation_includes=org.zlens.**");
    all.add("--custom_hook_includes=org.zlens.**");
    if (FuzzSeeds.class.isAssignableFrom(target)) {
      var constructor = target.getDeclaredConstructor();
      constructor.setAccessible(true);
      FuzzSeeds start = (FuzzSeeds) constructor.newInstance();
      start.write(seeds);
      all.add("-dict=" + dictionary(start.words(), work));
    }
    all.add("-artifact_prefix=" + work + "/");
    List<String> options = Arrays.asList(arguments).subList(3, arguments.length);
    all.addAll(options);
    // The first folder is the one that is added to.
    all.addAll(
        options.contains("-merge=1")
            ? List.of(kept.toString(), found.toString())
            : List.of(found.toString(), kept.toString(), seeds.toString()));
    Jazzer.main(all.toArray(String[]::new));
  }

  /** The folder of the inputs that every test run tries again, named as Jazzer wants it. */
  private static Path kept(Class<?> target, Path resources) throws IOException {
    Method test =
        Arrays.stream(target.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(FuzzTest.class))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(target + " has no @FuzzTest"));
    return Files.createDirectories(
        resources
            .resolve(target.getPackageName().replace('.', '/'))
            .resolve(target.getSimpleName() + "Inputs")
            .resolve(test.getName()));
  }

  private static Path dictionary(List<String> words, Path work) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String word : words) {
      lines.append('"');
      for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
        lines.append(
            b > ' ' && b < 127 && b != '"' && b != '\\'
                ? Character.toString(b)
                : String.format("\\x%02X", b & 0xff));
      }
      lines.append("\"\n");
    }
    return Files.writeString(work.resolve("words.dict"), lines);
  }
}
