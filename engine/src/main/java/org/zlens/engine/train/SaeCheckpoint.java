package org.zlens.engine.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A training of SAEs in a file: parameters, moments, counts, the buffer, the states of all random
 * numbers, the place in the text and the recipes. Nothing else decides how it goes on.
 *
 * <p>The file is written beside the old one and moved over it, so that a full disk or a kill leaves
 * the checkpoint before.
 */
final class SaeCheckpoint {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Bytes of a part of the buffer in the file; a tensor is read and written as a whole. */
  private static final long PART_BYTES = 64L << 20;

  private static final String FORMAT = "zlens sae training 1";

  private final Path file;

  SaeCheckpoint(Path file) {
    this.file = file;
  }

  /**
   * Everything in a checkpoint that is not a tensor.
   *
   * @param identity what the training is of and on; another does not go on from here
   * @param sites by canonical name
   */
  record Header(
      String format,
      Map<String, String> identity,
      long step,
      ActivationBuffer.State buffer,
      Map<String, Site> sites) {}

  /** The state of one SAE. */
  record Site(int inputs, double scale, SaeTrainer.State trainer) {}

  /** Writes the training as it stands between two steps. */
  void write(SaeTraining training, Map<String, String> identity) {
    Map<String, Site> sites = new LinkedHashMap<>();
    SafetensorsWriter writer = new SafetensorsWriter();
    training
        .recipes()
        .forEach(
            (at, recipe) -> {
              SaeTrainer trainer = training.trainers().get(at);
              sites.put(
                  at.canonical(),
                  new Site((int) trainer.wEnc().size(0), trainer.scale(), trainer.state()));
              trainer
                  .tensors()
                  .forEach((name, tensor) -> add(writer, at.canonical() + "/" + name, tensor));
            });
    try (Scope scope = Scope.open()) {
      training.buffer().vectors().forEach((at, vectors) -> addParts(writer, at, vectors));
      Header header =
          new Header(FORMAT, identity, training.steps(), training.buffer().state(), sites);
      writer.metadata("training", JSON.writeValueAsString(header)).write(file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(SafetensorsWriter writer, String name, Tensor tensor) {
    writer.add(name, tensor.shape(), tensor::floats);
  }

  private static void addParts(SafetensorsWriter writer, Location at, Tensor vectors) {
    forEachPart(vectors, (name, part) -> add(writer, at.canonical() + "/" + name, part));
  }

  private interface PartVisitor {
    void visit(String name, Tensor part);
  }

  private static void forEachPart(Tensor vectors, PartVisitor visitor) {
    long rows = Math.max(1, PART_BYTES / (Float.BYTES * vectors.size(1)));
    for (long from = 0; from < vectors.size(0); from += rows) {
      long to = Math.min(from + rows, vectors.size(0));
      visitor.visit("buffer." + from, vectors.slice(0, from, to));
    }
  }

  /**
   * Puts a fresh training where the checkpoint was taken.
   *
   * @throws ZlensException of kind DATA if the file is broken, or is of another training
   */
  void read(SaeTraining training, Map<String, String> identity) {
    try (TensorFile tensors = Safetensors.open(file);
        Scope scope = Scope.open()) {
      Header header = header(tensors);
      requireSame(header.identity(), identity);
      Map<Location, SaeTrainer> trainers = new LinkedHashMap<>();
      try {
        training
            .recipes()
            .forEach(
                (at, recipe) -> {
                  Site site = site(header, at, training);
                  SaeTrainer trainer = SaeTrainer.blank(site.inputs(), site.scale(), recipe);
                  trainers.put(at, trainer);
                  trainer.tensors().forEach((name, tensor) -> fill(tensors, at, name, tensor));
                  trainer.restore(site.trainer());
                });
        int served = header.buffer().served();
        if (served < 0 || served > training.buffer().rows()) {
          throw DataFault.in(file, "is in the midst of a buffer of another size");
        }
        training.buffer().restore(header.buffer());
        training
            .buffer()
            .vectors()
            .forEach(
                (at, vectors) ->
                    forEachPart(vectors, (name, part) -> fill(tensors, at, name, part)));
      } catch (RuntimeException e) {
        trainers.values().forEach(SaeTrainer::close);
        throw e;
      }
      training.restore(header.step(), trainers);
    }
  }

  private Header header(TensorFile tensors) {
    String text = tensors.metadata().get("training");
    if (text == null) {
      throw DataFault.in(file, "is no checkpoint of a training of SAEs");
    }
    try {
      Header header = JSON.readValue(text, Header.class);
      if (!FORMAT.equals(header.format())
          || header.step() < 0
          || header.buffer() == null
          || header.buffer().place() == null
          || header.identity() == null
          || header.sites() == null) {
        throw DataFault.in(file, "is a checkpoint of another version of this program");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw DataFault.in(file, "its description cannot be read (" + e.getOriginalMessage() + ")");
    }
  }

  private void requireSame(Map<String, String> then, Map<String, String> now) {
    Map<String, String> all = new LinkedHashMap<>(then);
    all.putAll(now);
    for (String key : all.keySet()) {
      String before = then.get(key);
      String after = now.get(key);
      if (before == null || !before.equals(after)) {
        throw new ZlensException(
            Kind.DATA,
            "the checkpoint '"
                + file
                + "' is of another training: its "
                + key
                + " is "
                + (before == null ? "not given" : before)
                + ", now it is "
                + (after == null ? "not given" : after),
            "give the same words as before, or another folder");
      }
    }
  }

  private Site site(Header header, Location at, SaeTraining training) {
    Site site = header.sites().get(at.canonical());
    boolean fits =
        site != null
            && site.trainer() != null
            && site.inputs() == training.buffer().width(at)
            && site.scale() > 0
            && Double.isFinite(site.scale());
    if (!fits) {
      throw DataFault.in(file, "has no state of " + at.shortName() + " that fits the model");
    }
    return site;
  }

  private void fill(TensorFile tensors, Location at, String name, Tensor target) {
    String full = at.canonical() + "/" + name;
    if (!Arrays.equals(tensors.info(full).shape(), target.shape())) {
      throw DataFault.in(file, "tensor '" + full + "' has not the shape that the recipe asks for");
    }
    target.write(buffer -> tensors.readFloats(full, buffer));
  }
}
