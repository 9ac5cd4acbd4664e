package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * Trains SAEs at several sites of a model side by side, all fed by the same forward passes.
 *
 * <p>The result depends on the recipes and the text alone, not on the number of workers: each SAE
 * is stepped by one thread at a time.
 */
public final class SaeTraining implements AutoCloseable {
  /** Told after every step of all SAEs. */
  @FunctionalInterface
  public interface Listener {
    /** A step is done. */
    void step(long step, long steps, Map<Location, SaeTrainer.Progress> progress);
  }

  /** Batches of vectors from which a resampling draws. */
  private static final int RESAMPLE_BATCHES = 16;

  private final Map<Location, SaeTrainer> trainers = new LinkedHashMap<>();
  private final Map<Location, SaeRecipe> recipes;
  private final ActivationBuffer buffer;
  private final ExecutorService workers;
  private final int batch;

  /**
   * SAEs with fresh weights.
   *
   * @param recipes one for each site; all with the same batch and resampling period
   * @param tokens token batches int64 {@code [batch, pos]}
   * @param bufferRows vectors of each site that are shuffled together
   */
  public SaeTraining(
      Transformer model,
      Map<Location, SaeRecipe> recipes,
      Supplier<Tensor> tokens,
      int bufferRows,
      int workers,
      long seed) {
    this.recipes = new LinkedHashMap<>(recipes);
    SaeRecipe first = recipes.values().iterator().next();
    this.batch = first.batch();
    for (SaeRecipe recipe : recipes.values()) {
      if (recipe.batch() != batch || recipe.resampleEvery() != first.resampleEvery()) {
        throw new IllegalArgumentException(
            "SAEs that share a buffer need the same batch and resampling period");
      }
    }
    this.buffer =
        new ActivationBuffer(model, List.copyOf(recipes.keySet()), tokens, bufferRows, seed);
    recipes.forEach(
        (location, recipe) ->
            trainers.put(location, new SaeTrainer(buffer.width(location), recipe)));
    this.workers = Executors.newFixedThreadPool(workers);
  }

  /** Trains on a number of vectors of each site. */
  public void run(long vectors, Listener listener) {
    long steps = vectors / batch;
    for (long step = 1; step <= steps; step++) {
      try (Scope scope = Scope.open()) {
        listener.step(step, steps, stepAll(buffer.next(batch)));
      }
      if (trainers.values().iterator().next().resamplingDue()) {
        resampleAll();
      }
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
                    Torch.setThreads(1);
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
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training step failed", e.getCause());
    }
  }

  private void resampleAll() {
    try (Scope scope = Scope.open()) {
      Map<Location, List<Tensor>> drawn = new LinkedHashMap<>();
      for (int i = 0; i < RESAMPLE_BATCHES; i++) {
        buffer
            .next(batch)
            .forEach((at, x) -> drawn.computeIfAbsent(at, key -> new ArrayList<>()).add(x));
      }
      trainers.forEach((at, trainer) -> trainer.resample(Tensor.cat(drawn.get(at), 0)));
    }
  }

  /** The trainers by site; their weights are the SAEs so far. */
  public Map<Location, SaeTrainer> trainers() {
    return Map.copyOf(trainers);
  }

  /** The recipe of each site. */
  public Map<Location, SaeRecipe> recipes() {
    return Map.copyOf(recipes);
  }

  @Override
  public void close() {
    workers.shutdownNow();
    trainers.values().forEach(SaeTrainer::close);
    buffer.close();
  }
}
