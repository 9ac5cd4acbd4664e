package org.zlens.engine.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.measure.SaeEvaluation;
import org.zlens.engine.measure.SaeQuality;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * Runs a job to its end: trains, measures on text that is kept apart, checkpoints, and writes the
 * SAEs as SAELens folders that say how they came to be.
 */
public final class SaeJobRun {
  /** Batches at the start of the text that are never trained on; fewer for a short training. */
  private static final int HELD_OUT = 8;

  private static final int LEAST_STEPS_BETWEEN = 50;

  /** Of these, as many as are measured on the way. */
  private static final int ON_THE_WAY = 2;

  private static final int MEASUREMENTS = 20;

  /**
   * An SAE when all is done.
   *
   * @param last what its last step saw
   * @param quality on the batches that were kept apart
   * @param folder where it is
   */
  public record Result(
      Location location,
      SaeRecipe recipe,
      SaeTrainer.Progress last,
      SaeQuality quality,
      Path folder) {}

  private final SaeJob job;
  private final Consumer<SaeNews> listener;
  private final Map<String, String> identity = new LinkedHashMap<>();
  private final Map<Location, Double> recovered = new LinkedHashMap<>();

  /** What was measured first: the losses of the model alone and without the site stay the same. */
  private final Map<Location, SaeQuality> first = new LinkedHashMap<>();

  private final Map<Location, SaeTrainer.Progress> last = new LinkedHashMap<>();
  private final List<int[][]> heldOut = new ArrayList<>();
  private final SaeCheckpoint checkpoint;
  private final TrainingLog log;
  private long savedAt = -1;
  private long begunAt;
  private long begunStep;

  private SaeJobRun(SaeJob job, Consumer<SaeNews> listener) {
    this.job = job;
    this.listener = listener;
    this.checkpoint = new SaeCheckpoint(SaeJob.checkpoint(job.folder()));
    this.log = new TrainingLog(job, job.recipes().keySet());
    identity.put("model", job.model().sha256());
    identity.put("processing", new TreeSet<>(job.model().processing()).toString());
    identity.put("vectors", Long.toString(job.vectors()));
    identity.put("buffer", Integer.toString(job.feed().bufferVectors()));
    identity.put("rows", job.feed().rowsAtOnce() + " of " + job.rowLength());
    identity.put("shuffles", Long.toString(job.feed().seed()));
    job.notes().forEach(identity::put);
    job.recipes()
        .forEach((at, recipe) -> identity.put("recipe at " + at.shortName(), recipe.toString()));
  }

  /**
   * Trains from the start, or from the folder's checkpoint.
   *
   * @param resume whether to go on from a checkpoint if there is one; without it one is an error
   * @param listener told after every step; an exception of kind INTERRUPTED from it leaves a
   *     checkpoint behind
   */
  public static List<Result> run(SaeJob job, boolean resume, Consumer<SaeNews> listener) {
    return new SaeJobRun(job, listener).run(resume);
  }

  private List<Result> run(boolean resume) {
    Path file = SaeJob.checkpoint(job.folder());
    boolean exists = Files.exists(file);
    if (exists && !resume) {
      throw new ZlensException(
          Kind.DATA,
          "'" + job.folder() + "' holds a training that is not finished",
          "add 'resume' to go on with it, or remove " + file.getFileName());
    }
    AtomicFile.discardLeftovers(job.folder());
    job.feed().text().seek(TextPlace.START);
    for (int i = 0; i < heldOutBatches(); i++) {
      heldOut.add(job.feed().text().next(job.feed().rowsAtOnce()));
    }
    try (SaeTraining training =
        new SaeTraining(job.model().transformer(), job.recipes(), job.feed(), job.workers())) {
      if (exists) {
        checkpoint.read(training, identity);
        savedAt = training.steps();
        log.resume(savedAt);
      }
      begunAt = System.nanoTime();
      begunStep = training.steps();
      train(training);
      List<Result> results = finishAll(training);
      Files.deleteIfExists(file);
      log.finish();
      return results;
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "'" + file + "' cannot be removed: " + e.getMessage(), null, e);
    }
  }

  private long heldOutBatches() {
    long whole = job.vectors() / ((long) job.feed().rowsAtOnce() * job.rowLength());
    return Math.max(1, Math.min(HELD_OUT, whole / 20));
  }

  private void train(SaeTraining training) {
    try {
      training.run(
          job.vectors(),
          (step, steps, progress) -> {
            last.putAll(progress);
            boolean due = job.checkpointEvery() > 0 && step % job.checkpointEvery() == 0;
            if (due && step < steps) {
              save(training);
            }
            if (step % Math.max(LEAST_STEPS_BETWEEN, steps / MEASUREMENTS) == 0 && step < steps) {
              measure(training);
            }
            SaeNews news = news(training, step, steps);
            log.add(news);
            listener.accept(news);
          });
    } catch (ZlensException e) {
      if (e.kind() == Kind.INTERRUPTED && training.steps() > Math.max(0, savedAt)) {
        save(training);
        log.stop();
        throw new ZlensException(
            e.kind(), e.getMessage(), "the same line with 'resume' goes on from here", e);
      }
      throw e;
    }
  }

  private void save(SaeTraining training) {
    checkpoint.write(training, identity);
    log.keep();
    savedAt = training.steps();
  }

  private SaeNews news(SaeTraining training, long step, long steps) {
    Map<Location, SaeNews.Site> sites = new LinkedHashMap<>();
    training
        .trainers()
        .forEach(
            (at, trainer) ->
                sites.put(
                    at,
                    new SaeNews.Site(
                        last.get(at),
                        trainer.deadShare(),
                        recovered.getOrDefault(at, Double.NaN))));
    double seconds = (System.nanoTime() - begunAt) / 1e9;
    double stepsPerSecond = (step - begunStep) / Math.max(1e-9, seconds);
    int batch = training.recipes().values().iterator().next().batch();
    return new SaeNews(
        step,
        steps,
        sites,
        stepsPerSecond * batch,
        (steps - step) / Math.max(1e-9, stepsPerSecond));
  }

  private void measure(SaeTraining training) {
    training
        .trainers()
        .forEach(
            (at, trainer) -> {
              SaeWeights now = weights(at, trainer, new float[0]);
              SaeQuality begun = first.get(at);
              if (begun == null) {
                begun = quality(now, ON_THE_WAY);
                first.put(at, begun);
                recovered.put(at, begun.lossRecovered());
              } else {
                recovered.put(at, begun.lossRecovered(splicedLoss(now, ON_THE_WAY)));
              }
            });
  }

  private SaeQuality quality(SaeWeights weights, int batches) {
    try (Scope scope = Scope.open();
        Sae sae = weights.toSae()) {
      return SaeQuality.measure(job.model().transformer(), sae, heldOut(batches));
    }
  }

  private double splicedLoss(SaeWeights weights, int batches) {
    try (Scope scope = Scope.open();
        Sae sae = weights.toSae()) {
      return SaeEvaluation.splicedLoss(job.model().transformer(), sae, heldOut(batches));
    }
  }

  /** The first held-out batches, in native memory of the scope that is open. */
  private List<Tensor> heldOut(int batches) {
    return heldOut.stream().limit(batches).map(Tensor::ofRows).toList();
  }

  /** Measures and writes the SAEs; where that fails, what was trained stays in the checkpoint. */
  private List<Result> finishAll(SaeTraining training) {
    try {
      return training.recipes().keySet().stream()
          .sorted((a, b) -> a.canonical().compareTo(b.canonical()))
          .map(at -> finish(at, training.trainers().get(at)))
          .toList();
    } catch (ZlensException e) {
      if (training.steps() > savedAt) {
        try {
          save(training);
        } catch (ZlensException noRoom) {
          e.addSuppressed(noRoom);
          throw e;
        }
      }
      throw new ZlensException(
          e.kind(),
          e.getMessage(),
          "nothing is lost: the same line with 'resume' writes the SAEs again",
          e);
    }
  }

  private Result finish(Location at, SaeTrainer trainer) {
    SaeQuality quality = quality(weights(at, trainer, new float[0]), HELD_OUT);
    SaeLensWriter.write(
        job.folder(at), weights(at, trainer, quality.logFrequency()), ElementType.F32);
    return new Result(at, trainer.recipe(), last.get(at), quality, job.folder(at));
  }

  private SaeWeights weights(Location at, SaeTrainer trainer, float[] logFrequency) {
    Map<String, String> notes = new LinkedHashMap<>(job.notes());
    notes.put("trained_by", "zlens");
    notes.put("training_recipe", trainer.recipe().toString());
    notes.put("training_vectors", Long.toString(job.vectors()));
    notes.put("model_sha256", job.model().sha256());
    SaeConfig config =
        new SaeConfig(
            (int) trainer.wEnc().size(0),
            trainer.recipe().width(),
            at.canonical(),
            at.layer(),
            trainer.recipe().objective().centersInput(),
            InputNormalization.NONE,
            at.site().perHead(),
            job.model().name(),
            true,
            job.rowLength(),
            basis(),
            SaeSource.made(job.folder(at), notes));
    return TrainedSae.of(trainer, config, logFrequency);
  }

  private WeightBasis basis() {
    if (job.model().processing().isEmpty()) {
      return WeightBasis.RAW;
    }
    return job.model().processing().equals(WeightStep.all())
        ? WeightBasis.PROCESSED
        : WeightBasis.UNSTATED;
  }
}
