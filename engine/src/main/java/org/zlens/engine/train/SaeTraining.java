package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * Trains SAEs at several sites of a model side by side, all fed by the same forward passes.
 *
 * <p>The result depends on the recipes and the text alone, not on the number of workers: each SAE
 * is stepped by one thread at a time. A training that went on from a checkpoint ends with the same
 * bits as one that was never stopped.
 */
public final class SaeTraining implements AutoCloseable {
  /** Told after every step of all SAEs. */
  @FunctionalInterface
  public interface Listener {
    /** A step is done. */
    void step(long step, long steps, Map<Location, SaeTrainer.Progress> progress);
  }

  private final Map<Location, SaeTrainer> trainers = new LinkedHashMap<>();
  private final Map<Location, SaeRecipe> recipes;
  private final ActivationBuffer buffer;
  private final ExecutorService workers;
  private final int batch;
  private long step;

  /**
   * SAEs with fresh weights, made when the first vectors are there.
   *
   * @param recipes one for each site; all with the same batch and resampling
   */
  public SaeTraining(
      Transformer model, Map<Location, SaeRecipe> recipes, SaeFeed feed, int workers) {
    this.recipes = new LinkedHashMap<>(recipes);
    SaeRecipe first = recipes.values().iterator().next();
    this.batch = first.batch();
    for (SaeRecipe recipe : recipes.values()) {
      if (recipe.batch() != batch || !recipe.resampling().equals(first.resampling())) {
        throw new IllegalArgumentException(
            "SAEs that share a buffer need the same batch and resampling");
      }
    }
    this.buffer =
        new ActivationBuffer(
            model, List.copyOf(recipes.keySet()), feed, Math.max(feed.bufferVectors(), 2 * batch));
    this.workers = Executors.newFixedThreadPool(workers);
  }

  private void begin() {
    if (trainers.isEmpty()) {
      Map<Location, Tensor> vectors = buffer.vectors();
      recipes.forEach(
          (location, recipe) ->
              trainers.put(location, new SaeTrainer(SaeStart.of(vectors.get(location)), recipe)));
    }
  }

  /** Trains until each site has seen a number of vectors, those before a checkpoint included. */
  public void run(long vectors, Listener listener) {
    begin();
    long steps = vectors / batch;
    while (step < steps) {
      Map<Location, SaeTrainer.Progress> progress;
      try (Scope scope = Scope.open()) {
        progress = stepAll(buffer.next(batch));
      }
      step++;
      if (trainers.values().iterator().next().resamplingDue()) {
        resampleAll();
      }
      listener.step(step, steps, progress);
    }
  }

  private Map<Location, SaeTrainer.Progress> stepAll(Map<Location, Tensor> vectors) {
    Map<Location, Future<SaeTrainer.Progress>> futures = new LinkedHashMap<>();
    trainers.forEach(
        (location, trainer) -> {
          Tensor x = vectors.get(location);
          futures.put(
              location,
              workers.submit(
                  () -> {
                    Torch.setOwnThreads(1);
                    return trainer.step(x);
                  }));
        });
    Map<Location, SaeTrainer.Progress> progress = new LinkedHashMap<>();
    futures.forEach((location, future) -> progress.put(location, join(future)));
    return progress;
  }

  private static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZlensException(Kind.INTERRUPTED, "interrupted", null, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training step failed", e.getCause());
    }
  }

  private void resampleAll() {
    int batches = recipes.values().iterator().next().resampling().batches();
    try (Scope scope = Scope.open()) {
      Map<Location, List<Tensor>> drawn = new LinkedHashMap<>();
      boolean anyDead =
          trainers.values().stream().anyMatch(trainer -> trainer.deadFeatures().length > 0);
      for (int i = 0; i < batches && anyDead; i++) {
        buffer
            .next(batch)
            .forEach((at, x) -> drawn.computeIfAbsent(at, key -> new ArrayList<>()).add(x));
      }
      trainers.forEach((at, trainer) -> trainer.resample(drawn.getOrDefault(at, List.of())));
    }
  }

  /** Steps done so far, those before a checkpoint included. */
  public long steps() {
    return step;
  }

  /** The trainers by site; their weights are the SAEs so far. */
  public Map<Location, SaeTrainer> trainers() {
    begin();
    return Map.copyOf(trainers);
  }

  /** The recipe of each site. */
  public Map<Location, SaeRecipe> recipes() {
    return Map.copyOf(recipes);
  }

  /** The buffer that feeds all of them. */
  ActivationBuffer buffer() {
    return buffer;
  }

  /** Goes on after a number of steps with trainers and a buffer that are restored already. */
  void restore(long steps, Map<Location, SaeTrainer> restored) {
    if (!trainers.isEmpty()) {
      throw new IllegalStateException("the training has begun");
    }
    recipes.keySet().forEach(at -> trainers.put(at, restored.get(at)));
    step = steps;
  }

  @Override
  public void close() {
    workers.shutdownNow();
    trainers.values().forEach(SaeTrainer::close);
    buffer.close();
  }
}
