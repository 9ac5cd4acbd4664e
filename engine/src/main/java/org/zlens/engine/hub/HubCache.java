package org.zlens.engine.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.DataFault;

/**
 * The cache of huggingface_hub: {@code models--OWNER--NAME} with the contents of files by their
 * hashes ({@code blobs}), the files of each commit as links to them ({@code snapshots}), the commit
 * of each branch ({@code refs}) and what a commit is known not to have ({@code .no_exist}).
 */
final class HubCache {
  private static final String MODELS = "models--";
  private static final int DEEPEST = 24;
  private static final long LONGEST_REFERENCE = 200;

  private final Path root;

  HubCache(Path root) {
    this.root = root;
  }

  /** The folder, made if it is not there yet. */
  Path create() {
    try {
      return Files.createDirectories(root);
    } catch (IOException e) {
      throw BlobWriter.failure(root, e);
    }
  }

  Path blob(Repository repository, ContentHash hash) {
    return folder(repository).resolve("blobs").resolve(hash.hex());
  }

  Path lock(Repository repository, ContentHash hash) {
    return root.resolve(".locks").resolve(repository.folder()).resolve(hash.hex() + ".lock");
  }

  Path snapshot(Repository repository, String commit) {
    return folder(repository).resolve("snapshots").resolve(commit);
  }

  private Path folder(Repository repository) {
    return root.resolve(repository.folder());
  }

  /** The commit that a revision led to when it was last asked for. */
  Optional<String> commit(Repository repository, String revision) {
    if (HubAddress.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path reference = folder(repository).resolve("refs").resolve(revision);
    try {
      if (!Files.isRegularFile(reference) || Files.size(reference) > LONGEST_REFERENCE) {
        return Optional.empty();
      }
      String commit = Files.readString(reference, StandardCharsets.US_ASCII).strip();
      return Optional.of(commit).filter(HubAddress::isCommit);
    } catch (IOException e) {
      throw DataFault.of(reference, e);
    }
  }

  /** Notes which commit a revision leads to. */
  void refer(Repository repository, String revision, String commit) {
    if (!HubAddress.isCommit(revision)) {
      AtomicFile.writeText(folder(repository).resolve("refs").resolve(revision), commit);
    }
  }

  /** Paths of the files that are there of a commit. */
  Set<String> names(Repository repository, String commit) {
    Path folder = snapshot(repository, commit);
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
      return files
          // This follows links: those to contents that are gone are no files.
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw DataFault.of(folder, e);
    } catch (UncheckedIOException e) {
      throw DataFault.of(folder, e.getCause());
    }
  }

  /** Whether a commit is known not to have a file. */
  boolean lacks(Repository repository, String commit, String name) {
    return Files.exists(absent(repository, commit, name));
  }

  /** Notes that a commit does not have a file. */
  void noteAbsent(Repository repository, String commit, String name) {
    Path mark = absent(repository, commit, name);
    try {
      Files.createDirectories(mark.getParent());
      Files.createFile(mark);
    } catch (FileAlreadyExistsException e) {
      // Another has noted it.
    } catch (IOException e) {
      throw BlobWriter.failure(mark, e);
    }
  }

  private Path absent(Repository repository, String commit, String name) {
    return folder(repository).resolve(".no_exist").resolve(commit).resolve(name);
  }

  /** Gives a content that is there its name in a commit. */
  void link(Repository repository, String commit, HubFile file) {
    Path name = snapshot(repository, commit).resolve(file.path());
    link(name, blob(repository, file.hash()), LinkKind.SYMBOLIC);
  }

  /**
   * Makes a name lead to a content in one of these ways, or in the next that the system knows.
   *
   * @param best the first way to try
   */
  static void link(Path name, Path blob, LinkKind best) {
    Path made = name.resolveSibling(".zlens-" + UUID.randomUUID());
    try {
      Files.createDirectories(name.getParent());
      if (Files.exists(name) && Files.isSameFile(name, blob)) {
        return;
      }
      LinkKind kind = best;
      while (!kind.make(made, blob)) {
        kind = kind.next();
      }
      Files.move(made, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      // A move between two names of one file does nothing.
      Files.deleteIfExists(made);
    } catch (IOException e) {
      throw BlobWriter.failure(name, e);
    }
  }

  /** What there is of models and SAEs, by their names. */
  List<CachedRevision> contents() {
    List<CachedRevision> all = new ArrayList<>();
    for (Path folder : entries(root)) {
      String name = folder.getFileName().toString();
      Optional<Repository> repository =
          name.startsWith(MODELS) ? repository(name) : Optional.empty();
      if (repository.isPresent()) {
        for (Path snapshot : entries(folder.resolve("snapshots"))) {
          if (HubAddress.isCommit(snapshot.getFileName().toString())) {
            all.add(contents(repository.get(), snapshot));
          }
        }
      }
    }
    return all;
  }

  private CachedRevision contents(Repository repository, Path snapshot) {
    String commit = snapshot.getFileName().toString();
    Set<String> names = names(repository, commit);
    long bytes = 0;
    for (String name : names) {
      Path file = snapshot.resolve(name);
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw DataFault.of(file, e);
      }
    }
    return new CachedRevision(
        repository, commit, references(repository, commit), names.size(), bytes, snapshot);
  }

  private List<String> references(Repository repository, String commit) {
    Path folder = folder(repository).resolve("refs");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(revision -> commit(repository, revision).filter(commit::equals).isPresent())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw DataFault.of(folder, e);
    } catch (UncheckedIOException e) {
      throw DataFault.of(folder, e.getCause());
    }
  }

  private static Optional<Repository> repository(String folder) {
    try {
      return Optional.of(new Repository(folder.substring(MODELS.length()).replace("--", "/")));
    } catch (ZlensException e) {
      // A folder of somebody else's.
      return Optional.empty();
    }
  }

  private static List<Path> entries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw DataFault.of(folder, e);
    }
  }
}
